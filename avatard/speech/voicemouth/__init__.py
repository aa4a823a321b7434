"""The microphone moves the mouth, where no camera sees one.

Sound → bands (`log_mel`) → somebody speaks, and against their own mean (`hearing`: `gate`, `speaker`) → shares of the
visemes (`network`) → closures that are known late (`closures`) → what was heard (`heard`) → a face (`liveliness`).
`VoiceMouth` (`mouth`) is the whole of it; `calibration` learns a speaker ahead of time.
"""

from avatard.speech.voicemouth.mouth import VoiceMouth

__all__ = ["VoiceMouth"]
