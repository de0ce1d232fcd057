"""Stand-ins of the seven paid APIs on loopback, which answer as their documentation says: searches, contacts,
companies, technologies, pages, DNS; their accounts; their errors. They are part of the product, and not of its tests
alone, because the simulator plays with them: what is simulated is never asked of a real provider.
"""
