"""What interactions are written with.

points   named places on a body, such as the right palm and the left shoulder
person   one person's channels, grown piece by piece
stage    two persons in one world, placed by each other, with hands that meet
steps    going aside, back and off balance on planted feet
"""
