"""What lives inside a cluster of any kind, through pulumi-kubernetes."""
