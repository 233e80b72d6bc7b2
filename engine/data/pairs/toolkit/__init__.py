"""What interactions are written with.

person   one person's channels, grown piece by piece
stage    two persons in one world, placed by each other, with hands that meet
steps    going aside, back and off balance on planted feet
"""
