"""A constant-velocity Kalman filter over several coordinates that do not influence one another."""

import numpy as np
from numpy.typing import ArrayLike

from edge.arrays import FloatArray


class Motion:
    """Where something is and how it moves, with errors; every coordinate has its own filter.

    Args:
        at: ``[n]`` first measurement.
        se: Standard error of it, one number or ``[n]``.
        speed_se: How fast such things go before anything is known, per second.
        acceleration: How hard they change their speed, one sigma, per second squared.
    """

    def __init__(self, at: ArrayLike, se: ArrayLike, speed_se: float, acceleration: float) -> None:
        self.at: FloatArray = np.array(at, np.float64)
        self.velocity: FloatArray = np.zeros_like(self.at)
        self._acceleration = acceleration
        n = len(self.at)
        self._cov = np.zeros((n, 2, 2))
        self._cov[:, 0, 0] = np.broadcast_to(np.asarray(se, np.float64), n) ** 2
        self._cov[:, 1, 1] = speed_se**2

    @property
    def se(self) -> FloatArray:
        """Standard error ``[n]`` of `at`."""
        return np.sqrt(self._cov[:, 0, 0])

    @property
    def velocity_se(self) -> FloatArray:
        """Standard error ``[n]`` of `velocity`."""
        return np.sqrt(self._cov[:, 1, 1])

    def ahead(self, dt_s: float, coast_s: float) -> tuple[FloatArray, FloatArray]:
        """Where it will be in `dt_s` if it loses its speed within about `coast_s`, and the standard error ``[n]`` of that."""
        way_s, _ = _coasted(dt_s, coast_s)
        spread = self._cov[:, 0, 0] + 2 * dt_s * self._cov[:, 0, 1] + dt_s**2 * self._cov[:, 1, 1]
        return self.at + way_s * self.velocity, np.sqrt(spread + self._acceleration**2 * dt_s**4 / 4)

    def advance(self, dt_s: float, coast_s: float) -> None:
        """Let time pass."""
        way_s, kept = _coasted(dt_s, coast_s)
        step = np.array([[1.0, way_s], [0.0, kept]])
        push = np.array([dt_s**2 / 2, dt_s]) * self._acceleration
        self.at = self.at + way_s * self.velocity
        self.velocity = self.velocity * kept
        self._cov = step @ self._cov @ step.T + np.outer(push, push)

    def correct(self, measured: ArrayLike, se: ArrayLike) -> None:
        """Take in a measurement ``[n]``; one that is wildly off counts for less."""
        off = np.asarray(measured, np.float64) - self.at
        variance = np.broadcast_to(np.asarray(se, np.float64), off.shape) ** 2
        wild = np.abs(off) / np.sqrt(self._cov[:, 0, 0] + variance) / _WILD_SIGMA
        variance = variance * np.maximum(1.0, wild) ** 2
        gain = self._cov[:, :, 0] / (self._cov[:, 0, 0] + variance)[:, None]
        self.at = self.at + gain[:, 0] * off
        self.velocity = self.velocity + gain[:, 1] * off
        self._cov = self._cov - gain[:, :, None] * self._cov[:, None, 0, :]


_WILD_SIGMA = 3.0
"""Standard errors beyond which a measurement is wild: one in 370 of honest ones is."""


def _coasted(dt_s: float, coast_s: float) -> tuple[float, float]:
    kept = float(np.exp(-dt_s / coast_s))
    return coast_s * (1.0 - kept), kept
