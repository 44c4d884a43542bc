"""The customers at every moment, from what the cameras saw."""

import itertools
import math

from edge.observation import CameraBack, CameraLost, Estimate, FrameSeen
from edge.scene.border import BORDER_SE_S, UNIFORM
from edge.scene.followed import Followed, View
from edge.scene.life import Life, Living
from edge.scene.scene_now import Furniture, PerhapsStaff, SceneNow, Track
from edge.scene.staff import Staff
from edge.scene.stance import STATURE_M, Stance
from edge.scene.tracker import LONGEST_LOOK_S, Tracker
from edge.scene.zones import Nearness, zone_of
from edge.settings.desk_toml import Camera
from protocol.standard import Near


class Scene:
    """Who is where now, on the customers' side of one desk.

    Cameras that watch staff only are left alone, and so is who comes from the staff's side where desk.toml says where that is.
    Observations come in order of time; every one of them may be shown, also those of frames not searched for people.

    Example:
        >>> scene = Scene((Camera(name="front", watches="customers"),), Near())
        >>> scene.observe(FrameSeen(0.0, "front", people=())).customers
        ()
    """

    def __init__(self, cameras: tuple[Camera, ...], near: Near) -> None:
        numbers = itertools.count(1)
        self._watches = {
            camera.name: _Watch(camera, near, numbers) for camera in cameras if camera.watches != "staff"
        }

    def observe(self, observation: FrameSeen | CameraLost | CameraBack) -> SceneNow:
        """Take in what a camera saw, or that it stopped or came back, and return the scene as it is now."""
        watch = self._watches.get(observation.camera)
        if watch is not None:
            watch.observe(observation)
        ended = [track for each in self._watches.values() for track in each.forget(observation.t_s)]
        return SceneNow(
            t_s=observation.t_s,
            observed=any(each.delivers for each in self._watches.values()),
            customers=tuple(track for each in self._watches.values() for track in each.customers()),
            ended=tuple(ended),
            furniture=tuple(each for watch in self._watches.values() for each in watch.furniture()),
            staff=tuple(number for watch in self._watches.values() for number in watch.staff()),
            aside=tuple(number for watch in self._watches.values() for number in watch.aside()),
            perhaps_staff=tuple(each for watch in self._watches.values() for each in watch.perhaps_staff()),
        )


class _Customer:
    """What is known of one followed person beyond where they are."""

    def __init__(self) -> None:
        self.nearness = Nearness()
        self.stance = Stance()
        self.life = Life()


class _Watch:
    """The customers of one camera."""

    def __init__(self, camera: Camera, near: Near, numbers: "itertools.count[int]") -> None:
        longer_at_1_m = 2 * math.tan(math.radians(camera.lens.horizontal_view_deg) / 2)
        width_at_1_m = longer_at_1_m * min(1.0, camera.width / camera.height)
        self._view = View(camera.height / camera.width, (camera.mount.x_m, camera.mount.y_m), width_at_1_m)
        self._tracker = Tracker(self._view, lambda: next(numbers))
        self._zone = zone_of(camera, near)
        self._staff = Staff(camera)
        self._known: dict[int, _Customer] = {}
        self._camera = camera.name
        self._looking_since_s = math.inf
        self._looked_s: float | None = None
        self._look_s = 0.0
        """Time between the last two looks for people."""
        self.delivers = True

    def observe(self, observation: FrameSeen | CameraLost | CameraBack) -> None:
        self.delivers = not isinstance(observation, CameraLost)
        if not self.delivers:
            self._looking_since_s = math.inf
        if isinstance(observation, FrameSeen) and observation.people is not None:
            self._looking_since_s = min(self._looking_since_s, observation.t_s)
            if self._looked_s is not None:
                self._look_s = min(max(0.0, observation.t_s - self._looked_s), LONGEST_LOOK_S)
            self._looked_s = observation.t_s
            self._tracker.see(observation.t_s, observation.people)
            for known in self._tracker.people:
                if known.visible:
                    self._look_at(known)

    def customers(self) -> list[Track]:
        return [
            self._track(known)
            for known in self._tracker.people
            if known.confirmed and not self._staff.has(known) and self._lives(known)
        ]

    def furniture(self) -> list[Furniture]:
        return [
            Furniture(known.number, self._camera, known.person.box)
            for known in self._tracker.people
            if known.confirmed and self._known[known.number].life.living is Living.FURNITURE
        ]

    def staff(self) -> list[int]:
        return [known.number for known in self._tracker.people if self._staff.is_sure_of(known)]

    def aside(self) -> list[int]:
        return [known.number for known in self._tracker.people if self._staff.is_undecided_about(known)]

    def perhaps_staff(self) -> list[PerhapsStaff]:
        doubted = ((known.number, self._staff.doubt(known)) for known in self._tracker.people)
        return [PerhapsStaff(number, why) for number, why in doubted if why is not None]

    def forget(self, t_s: float) -> list[Track]:
        if not self.delivers:
            return []
        over = self._tracker.forget(t_s)
        for known in over:
            if known.walked_out():
                out_s = known.out_of_picture_s()
                se_s = math.hypot(UNIFORM * self._look_s, (out_s - known.last_seen_s) / 2, BORDER_SE_S)
                self._known[known.number].nearness.walked_out(out_s, se_s)
        ended = [self._track(known) for known in over if not self._staff.has(known) and self._lives(known)]
        self._staff.forget(over)
        alive = {known.number for known in self._tracker.people}
        self._known = {number: customer for number, customer in self._known.items() if number in alive}
        return ended

    def _look_at(self, known: Followed) -> None:
        customer = self._known.setdefault(known.number, _Customer())
        t_s = known.last_seen_s
        self._staff.see(known, self._tracker.people)
        entered = known.entered()
        entered_s = max(entered.value, self._looking_since_s)
        there_before = entered_s <= self._looking_since_s
        customer.nearness.see(
            t_s,
            self._zone.depth(known),
            entered_s,
            None if there_before else entered.se,
            math.hypot(UNIFORM * self._look_s, known.crossing_se_s()),
        )
        metres_per_width = self._metres_per_width(known)
        customer.stance.see(known.samples, metres_per_width)
        customer.life.see(known.samples, metres_per_width)

    def _lives(self, known: Followed) -> bool:
        return self._known[known.number].life.living is Living.ALIVE

    def _metres_per_width(self, known: Followed) -> float:
        if known.place_motion is None:
            return STATURE_M / known.height
        x_m, y_m = known.place_motion.at
        return max(math.dist((x_m, y_m), self._view.camera_at_m), 0.3) * self._view.metres_per_width_at_1_m

    def _track(self, known: Followed) -> Track:
        customer, place, motion = self._known[known.number], known.place, known.place_motion
        stood_since = customer.stance.stood_since
        speed = None
        if motion is not None:
            speed = Estimate(math.hypot(*motion.velocity), float(motion.velocity_se.max()))
        return Track(
            id=known.number,
            first_seen_s=known.first_seen_s,
            last_seen_s=known.last_seen_s,
            box=known.person.box,
            place=place,
            distance_m=None if place is None else Estimate(math.hypot(place.x_m, place.y_m), place.se_m),
            speed_m_s=speed,
            near=customer.nearness.near,
            near_since_s=customer.nearness.near_since_s if customer.nearness.near else None,
            gone_since_s=customer.nearness.gone_since_s,
            near_since_se_s=customer.nearness.near_se_s,
            gone_since_se_s=customer.nearness.gone_se_s,
            stands=customer.stance.stands,
            stood_since_s=stood_since.value if stood_since is not None and customer.stance.stands else None,
            visible=known.visible,
            stood_since_se_s=None if stood_since is None else stood_since.se,
            stood_until_s=customer.stance.stood_until_s,
        )
