"""The animation toolkit: channel curves in, a natural `Motion` out.

curves     easing, key poses, oscillators, envelopes, noise
channels   the rig's curves (`Channels`) and what an action is given (`Ctx`)
torso, arms, legs   one solver for each part
solve      channels (and layers over them) -> Motion
gait, dance_steps   planted footsteps along any path, and on a beat
flight     jumps
postures, transitions   standing, sitting, kneeling, crouching, lying, and from one to another
floor_poses, plank   key poses near the floor; on hands and toes
gestures, repeats, sports_kit   what gestures, repetitions and sports share
preview    one action by itself, to look at
"""
