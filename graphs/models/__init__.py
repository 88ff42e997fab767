"""Chat models by ``provider:model``: resolving, prices, errors, scripts, and the built-in model."""
