"""Sizes of people, in metres, each with the spread between adults: what turns pixels into distances."""

from edge.observation import Estimate

# Adult men and women in equal parts, from ANSUR II (Gordon et al. 2014) where it has the measure. Shoulders and torso are
# between joint centres as COCO's annotators mark them, which lie inside and below the bony points that ANSUR measures; they
# were checked against the eye distances of people in portraits and clips.
EYE_DISTANCE_M = Estimate(0.063, 0.0038)
"""Between the pupils."""
EAR_DISTANCE_M = Estimate(0.140, 0.0085)
"""Between the tragi of the two ears."""
SHOULDER_WIDTH_M = Estimate(0.335, 0.034)
"""Between the shoulder joints of somebody who faces the camera or stands with their back to it."""
TORSO_LENGTH_M = Estimate(0.47, 0.040)
"""From the middle of the shoulder joints to the middle of the hip joints."""
HEAD_ABOVE_SHOULDERS_M = Estimate(0.185, 0.028)
"""From the middle of the shoulder joints up to the middle of eyes, nose and ears; the same from every side."""
STATURE_M = Estimate(1.69, 0.092)
"""Without shoes."""

IRIS_DIAMETER_M = Estimate(0.0117, 0.0005)
"""Horizontal visible iris; hardly differs between adults."""

NOSE_DEPTH_M = 0.033
"""How far the tip of the nose lies before the eyes (MediaPipe's canonical face)."""
EAR_DEPTH_M = 0.080
"""How far the tragi lie behind the eyes."""

FACE_HEIGHT_SHARE = 0.92
"""Height of eyes, nose and ears above the floor, as a share of the stature."""
ANKLE_HEIGHT_SHARE = 0.045
"""Height of the ankle joints above the floor, as a share of the stature; likewise below (after Drillis &
Contini 1966)."""
SHOULDER_HEIGHT_SHARE = 0.81
"""Of the shoulder joints."""
HIP_HEIGHT_SHARE = 0.53
"""Of the hip joints."""
