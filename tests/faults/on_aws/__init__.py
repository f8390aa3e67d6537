"""The same stories on the real adapters, over moto: each request to AWS may be the last."""
