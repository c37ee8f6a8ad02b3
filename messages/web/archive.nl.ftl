# De woorden van het bureau en het archief in de werkbank.
