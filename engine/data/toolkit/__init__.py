"""The animation toolkit: channel curves in, a natural `Motion` out.

curves     easing, key poses, oscillators, envelopes, noise
channels   the rig's curves (`Channels`) and what an action is given (`Ctx`)
torso, arms, legs   one solver for each part
solve      channels (and layers over them) -> Motion
gait       planted footsteps along any path
postures   standing, sitting, kneeling, crouching, lying
"""
