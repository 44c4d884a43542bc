"""One frame of the host: mouth, teeth, gaze, trunk and hands, from pixels and landmarks to a HostView."""
