# De woorden van de brieven in de werkbank.
