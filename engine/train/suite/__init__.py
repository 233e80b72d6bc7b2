"""The prompt suite: its entries, the signals that its checks read, and the checks themselves.

Nothing here uses engine/assess, which chooses between drafts inside the loop: the judge must not be the player.
"""
