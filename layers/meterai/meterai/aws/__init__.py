"""The adapters to AWS: ports over boto3, which is imported nowhere else."""
