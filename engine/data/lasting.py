"""Actions that go on for as long as asked: gaits and dances that keep their pace over 20 s, and poses that are held."""

LASTING = frozenset({
    "against_wind", "air_guitar", "arabesque", "army_crawl", "balance", "blind_walk", "box_guard",
    "carry", "carry_shoulder", "catwalk", "cha_cha", "chair_pose", "charleston", "clap_dance",
    "cobra", "cower", "crawl", "crutches", "dance", "downward_dog", "drag", "floss", "forward_fold",
    "grapevine", "handstand", "horse_gallop", "hula", "jog", "laugh", "limp", "macarena", "march",
    "meditate", "moonwalk", "paint_wall", "plank", "pull", "push", "push_cart", "robot_dance",
    "robot_walk", "run", "run_backward", "run_circle", "run_curve", "running_man", "salsa",
    "shiver", "sit_floor", "skip", "slope", "sneak", "stand", "sway", "sweep", "swim", "tightrope",
    "tiptoe", "toprock", "tree_pose", "vacuum", "waddle", "wade", "walk", "walk_circle",
    "walk_curve", "waltz", "warrior", "zombie_walk",
})  # fmt: skip
