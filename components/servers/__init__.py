"""The platform on own servers: nobody manages them, so there is no cluster.py here; Kubernetes comes from `kubeadm/`."""
