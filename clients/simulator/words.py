"""What the names of linking sites are made of."""

from __future__ import annotations

FIRST = """
amber anchor atlas aurora basalt beacon birch bright cedar cinder cobalt copper coral crisp daily delta drift ember
falcon field flint fjord garnet granite green harbor hazel indigo iron ivory juniper lantern linden lunar maple
meridian mosaic north oak ochre onyx open opal orbit pacific pine plain quartz quiet rapid raven river saffron
sierra silver slate solar summit tidal timber topaz urban velvet violet willow winter
"""

SECOND = """
analyst archive blog bulletin chronicle code compass corner craft daily data desk digest dispatch engineer exchange
forum gazette guide hub index insider journal kitchen lab ledger letters library log maker market media mentor
monitor network news notes observer papers planet post press pulse reader report review school signal stack stories
studio tech times tribune university voice watch weekly wire workshop
"""
