"""Two persons: scenes in which one acts and the other reacts, the facts that hold in them, and how people say them.

registry       what an interaction is, and how it is performed
interactions   one file for each group of close kin
toolkit        two persons on one stage, hands that meet, steps
checks         kinematic facts of a scene of two
captions       the scene, the actor's view and the reaction, in many wordings
"""
