"""The platform on own servers. Nobody manages those, so there is no cluster.py here: Kubernetes is `kubeadm/`'s."""
