"""The built-in model: fetched once, checked by hash, served by llama.cpp on this computer."""
