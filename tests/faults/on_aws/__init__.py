"""The same scripts on the real adapters, over moto: a fault at any request to AWS."""
