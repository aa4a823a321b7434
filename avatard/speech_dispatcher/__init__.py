"""Speech Dispatcher speaks through avatard: what programs of the Linux desktop say, web pages included.

Never in the user's own Speech Dispatcher. There a screen reader reads everything, private messages included; and where
a synthesiser fails, Speech Dispatcher takes any other that works: that could be the call. So avatard starts one of its
own, with a socket of its own and no other synthesiser; only a program that is started with that address speaks there.
And even then for the user's ears alone, unless `--live` lets it follow PRIVATE and LIVE.

`protocol` is how an output module talks to Speech Dispatcher (tried with 0.11.4), `module` is ours, a program that
Speech Dispatcher starts, and `server` starts Speech Dispatcher.
"""
