"""Run by Blender, never imported: turns an FBX file into a GLB with its armatures and all their animations.

python _fbx_blender.py in.fbx out.glb                            (a Python with the package bpy)
blender -b --factory-startup --python _fbx_blender.py -- in.fbx out.glb
"""

import sys

import bpy  # pyright: ignore[reportMissingImports]


def main() -> None:
    source, target = sys.argv[-2:]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.fbx(filepath=source)
    armatures = [item for item in bpy.data.objects if item.type == "ARMATURE"]
    if not armatures:
        sys.exit("KINETALK there is no skeleton in it")
    for item in list(bpy.data.objects):
        if item.type != "ARMATURE":
            bpy.data.objects.remove(item)
    bpy.ops.export_scene.gltf(
        filepath=target,
        export_format="GLB",
        export_animations=True,
        export_animation_mode="ACTIONS",
        export_force_sampling=True,
        export_optimize_animation_size=False,
        export_rest_position_armature=True,
    )


if __name__ == "__main__":
    main()
