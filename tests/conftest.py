from __future__ import annotations

import os
import tempfile

# Before anything of avatard is imported: no test reads or writes the user's own settings, avatars or secrets.
_HOME = tempfile.mkdtemp(prefix="avatard-tests-")
for _variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
    os.environ[_variable] = os.path.join(_HOME, _variable)
