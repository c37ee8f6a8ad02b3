# De woorden van de mailings in de werkbank.
