"""How to get the native engine where it is missing."""

import sys

COMPILER = "a C++ compiler (GCC 12, Clang 15 or newer)"
# pip keeps the wheels it built: without --no-cache-dir it would install the one without the engine again.
AGAIN = ("pip", "install", "--no-cache-dir", "--force-reinstall", "--no-deps")


def how_to_get_native() -> str:
    """What to do, after "to get it, ": what to install, and the command that builds fitnet anew from where it came."""
    if sys.platform == "win32":
        return "use fitnet in WSL, for there is none for Windows"
    import shlex  # here, for only who lacks the engine needs it

    return f"install {COMPILER} and run: {shlex.join([*AGAIN, *source()])}"


def source() -> list[str]:
    """Where pip installed fitnet from, in its words: the index, or an address as PEP 610 (direct_url.json) keeps it."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        kept = distribution("fitnet").read_text("direct_url.json")
    except PackageNotFoundError:
        kept = None
    if kept is None:
        return ["fitnet"]
    found = json.loads(kept)
    if "vcs_info" in found:
        return [f"{found['vcs_info']['vcs']}+{found['url']}@{found['vcs_info']['commit_id']}"]
    return ["--editable"] * bool(found.get("dir_info", {}).get("editable")) + [found["url"]]
