"""The offline preview: plans a Pulumi Python program without the CLI, credentials or a network."""
