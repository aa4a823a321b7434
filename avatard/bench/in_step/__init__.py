"""Sound against picture, measured from outside: what comes out of the virtual microphone, recorded by a process of its
own, against what is to be seen in the sealed pictures, read by another.

Typed speech: the closures of its lips, found by tracking the avatar's face in the sealed pictures, against those in
the recorded sound. A real microphone: when each moment of a clip is heard, against when its picture is seen.
"""
