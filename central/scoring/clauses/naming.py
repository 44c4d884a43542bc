"""How each clause is named to people, and how its values are written."""

from dataclasses import dataclass

from protocol.standard import Limits


@dataclass(frozen=True, slots=True)
class ClauseName:
    """A clause in words, with the unit of its value."""

    title: str
    unit: str
    decimals: int

    def written(self, value: float, se: float | None) -> str:
        """A value with its standard error and unit: ``3.2 ± 0.1 s``, ``60 ± 3 %``, ``8.4 ± 0.3 teeth``."""
        scale = 100 if self.unit == "%" else 1
        numbers = [value] if not se else [value, se]
        return self._with_unit(" ± ".join(f"{number * scale:.{self.decimals}f}" for number in numbers))

    def asked(self, limits: Limits) -> str:
        """Limits in words: ``at most 5 s``, ``0.4 to 1.5 cm``."""
        if limits.min is not None and limits.max is not None:
            return self._with_unit(f"{self._bare(limits.min)} to {self._bare(limits.max)}")
        if limits.max is not None:
            return self._with_unit(f"at most {self._bare(limits.max)}")
        if limits.min is not None:
            return self._with_unit(f"at least {self._bare(limits.min)}")
        return "left open"

    def _with_unit(self, number: str) -> str:
        return number + self.unit if self.unit == "°" else f"{number} {self.unit}"

    def _bare(self, limit: float) -> str:
        return f"{limit * 100:g}" if self.unit == "%" else f"{limit:g}"


CLAUSES = {
    "respond.within_s": ClauseName("Attended to in time", "s", 2),
    "smile.lift_cm": ClauseName("Lift of the mouth corners", "cm", 2),
    "smile.teeth": ClauseName("Teeth shown", "teeth", 1),
    "smile.hold_s": ClauseName("Smile held", "s", 1),
    "work.stop_work_m": ClauseName("Work stopped at", "m", 1),
    "work.resume_work_m": ClauseName("Work resumed at", "m", 1),
    "work.resume_within_s": ClauseName("Work resumed within", "s", 1),
    "posture.forward_lean_deg": ClauseName("Forward lean", "°", 1),
    "gaze.on_customer_share": ClauseName("Eyes on the customer", "%", 0),
    "gaze.longest_away_s": ClauseName("Longest look away", "s", 1),
    "gaze.following_lag_s": ClauseName("Gaze follows within", "s", 2),
    "phone.rings": ClauseName("Telephone answered", "rings", 0),
    "presence.staffed_share": ClauseName("Desk staffed", "%", 0),
}
"""Every clause that is scored, in the order in which it is shown."""
