"""A real RTSP server, GStreamer's; run by Debian's own Python, which has its bindings. Prints its port.

Ends when its standard input does. `/desk` is snow in H.264, `/sound` has no picture.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402  # after the versions are chosen

PICTURES = (
    "( videotestsrc is-live=true pattern=snow ! video/x-raw,width=320,height=240,framerate=15/1 "
    "! x264enc tune=zerolatency key-int-max=15 ! rtph264pay name=pay0 )"
)
SOUND = "( audiotestsrc is-live=true ! audio/x-raw,rate=8000 ! mulawenc ! rtppcmupay name=pay0 )"


def factory(launch: str) -> GstRtspServer.RTSPMediaFactory:
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(launch)
    made.set_shared(True)
    return made


def main() -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    paths = server.get_mount_points()
    for path, launch in (("/desk", PICTURES), ("/sound", SOUND)):
        paths.add_factory(path, factory(launch))
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
