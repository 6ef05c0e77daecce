"""What was published on the web: pages, saved ones too, feeds, and exports of the programs that publish there.

Not for records that interfaces of the web give: they are `data`.
"""
