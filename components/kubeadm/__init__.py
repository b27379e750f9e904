"""Kubernetes by kubeadm on any machines that answer SSH; imports no cloud SDK."""
