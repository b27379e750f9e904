"""Reusable Pulumi components: networks, clusters, node groups, registries, storage; three clouds and own servers."""
