"""Joint names of many dialects, and the person found in them."""

import pytest

from engine.io.humanoid import find_rig, label


@pytest.mark.parametrize(
    ("name", "side", "word"),
    [
        ("mixamorig:LeftUpLeg", "left", "upleg"),
        ("mixamorigRightForeArm", "right", "forearm"),
        ("CC_Base_L_Thigh", "left", "thigh"),
        ("DEF-upper_arm.R", "right", "upperarm"),
        ("Bip01 L Calf", "left", "calf"),
        ("lowerarm_l", "left", "lowerarm"),
        ("lShldrBend", "left", "shldr"),
        ("lhand", "left", "hand"),
        ("rfemur", "right", "femur"),
        ("HipLeft", "left", "hip"),
        ("J_Bip_R_UpperLeg", "right", "upperleg"),
        ("Hips", "", "hips"),
        ("spine_03", "", "spine"),
        ("head", "", "head"),
        ("leg", "", "leg"),
    ],
)
def test_names_of_many_dialects(name, side, word):
    found = label(name)
    assert (found.side, found.word) == (side, word)


DIALECTS = {
    "mixamo": "mixamorig:Hips|mixamorig:Spine|mixamorig:Head|mixamorig:{S}Shoulder mixamorig:{S}Arm "
    "mixamorig:{S}ForeArm mixamorig:{S}Hand|mixamorig:{S}UpLeg mixamorig:{S}Leg mixamorig:{S}Foot mixamorig:{S}ToeBase",
    "biped": "Bip01 Pelvis|Bip01 Spine|Bip01 Head|"
    "Bip01 {C} Clavicle,Bip01 {C} UpperArm,Bip01 {C} Forearm,Bip01 {C} Hand"
    "|Bip01 {C} Thigh,Bip01 {C} Calf,Bip01 {C} Foot,Bip01 {C} Toe0",
    "unreal": "pelvis|spine_01|head|"
    "clavicle_{c} upperarm_{c} lowerarm_{c} hand_{c}|thigh_{c} calf_{c} foot_{c} ball_{c}",
    "rigify": "DEF-spine|DEF-spine.003|DEF-spine.006|DEF-shoulder.{C} DEF-upper_arm.{C} DEF-upper_arm.{C}.001 "
    "DEF-forearm.{C} DEF-hand.{C}|DEF-thigh.{C} DEF-thigh.{C}.001 DEF-shin.{C} DEF-foot.{C} DEF-toe.{C}",
    "blender": "hips|spine|head|shoulder.{C} upper_arm.{C} forearm.{C} hand.{C}|thigh.{C} shin.{C} foot.{C} toe.{C}",
    "smpl": "Pelvis|Spine1|Head|"
    "{C}_Collar {C}_Shoulder {C}_Elbow {C}_Wrist {C}_Hand|{C}_Hip {C}_Knee {C}_Ankle {C}_Foot",
    "vroid": "J_Bip_C_Hips|J_Bip_C_Spine|J_Bip_C_Head|J_Bip_{C}_Shoulder J_Bip_{C}_UpperArm J_Bip_{C}_LowerArm "
    "J_Bip_{C}_Hand|J_Bip_{C}_UpperLeg J_Bip_{C}_LowerLeg J_Bip_{C}_Foot J_Bip_{C}_ToeBase",
    "asf": "root|lowerback|head|{c}clavicle {c}humerus {c}radius {c}wrist {c}hand|{c}femur {c}tibia {c}foot {c}toes",
    "kinect": "HipCenter|Spine|Head|Shoulder{S} Elbow{S} Wrist{S} Hand{S}|Hip{S} Knee{S} Ankle{S} Foot{S}",
    "plain": "root|torso|head|{s}_shoulder {s}_arm {s}_elbow {s}_hand|{s}_leg {s}_knee {s}_foot",
}
DIALECTS["a figure's own name"] = (
    "Anna_Pelvis|Anna_Spine1|Anna_Head|"
    "Anna_{C}_Collar Anna_{C}_Shoulder Anna_{C}_Elbow Anna_{C}_Wrist Anna_{C}_Hand"
    "|Anna_{C}_Hip Anna_{C}_Knee Anna_{C}_Ankle Anna_{C}_Foot"
)
DIALECTS["ours, through Blender"] = (
    "person_1_pelvis|person_1_spine1|person_1_head|"
    "person_1_{s}_collar person_1_{s}_shoulder person_1_{s}_elbow person_1_{s}_wrist"
    "|person_1_{s}_hip person_1_{s}_knee person_1_{s}_ankle person_1_{s}_foot"
)
DIALECTS["ours of two, through Blender"] = DIALECTS["ours, through Blender"].replace("person_1_", "B_")
EXPECTED = {
    "ours of two, through Blender": ("B_{s}_shoulder", "B_{s}_hip"),
    "a figure's own name": ("Anna_{C}_Shoulder", "Anna_{C}_Hip"),
    "ours, through Blender": ("person_1_{s}_shoulder", "person_1_{s}_hip"),
    "plain": ("{s}_arm", "{s}_leg"),
    "kinect": ("Shoulder{S}", "Hip{S}"),
    "smpl": ("{C}_Shoulder", "{C}_Hip"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_rigs_of_many_dialects(dialect):
    hips, spine, head, arm, leg = DIALECTS[dialect].split("|")
    names, parents = [hips, spine, head], [-1, 0, 1]
    for side in ("Left", "Right"):
        for top, line in ((1, arm), (0, leg)):
            parent = top
            for name in line.split("," if "," in line else " "):
                names.append(name.format(S=side, s=side.lower(), C=side[0], c=side[0].lower()))
                parents.append(parent)
                parent = len(names) - 1
    rig = find_rig("a.bvh", tuple(names), tuple(parents))
    assert (names[rig.pelvis], names[rig.chest]) == (hips, spine)
    assert rig.head is not None and names[rig.head] == head
    for side in ("left", "right"):
        for part in ("thigh", "shin", "foot", "upper_arm", "forearm", "hand"):
            assert parents[rig.limbs[side, part]] >= 0
        order = [rig.limbs[side, p] for p in ("upper_arm", "forearm", "hand")]
        assert order == sorted(set(order))
        for part, line, where in (("upper_arm", arm, 0), ("thigh", leg, 1)):
            words = line.split("," if "," in line else " ")
            default = words[1 if where == 0 else 0]
            want = EXPECTED.get(dialect, (default, default))[where] if dialect in EXPECTED else default
            filled = want.format(S=side.title(), s=side, C=side[0].upper(), c=side[0])
            assert names[rig.limbs[side, part]] == filled
