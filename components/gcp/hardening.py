"""What every cluster leaves closed, and what of Google's checks the settings choose."""

from __future__ import annotations

import pulumi_gcp as gcp

from components.settings import GkeAutoscaler, GkeClusterSettings, GkeMode


def harden(arguments: gcp.container.ClusterArgs, settings: GkeClusterSettings) -> None:
    """Close what GKE leaves open for old clusters, and turn on the checks that the settings ask for."""
    arguments.enable_legacy_abac = False
    arguments.master_auth = gcp.container.ClusterMasterAuthArgs(
        client_certificate_config=gcp.container.ClusterMasterAuthClientCertificateConfigArgs(
            issue_client_certificate=False
        )
    )
    arguments.anonymous_authentication_config = gcp.container.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED")
    arguments.rbac_binding_config = gcp.container.ClusterRbacBindingConfigArgs(
        enable_insecure_binding_system_unauthenticated=False, enable_insecure_binding_system_authenticated=False
    )
    if settings.security_group is not None:
        arguments.authenticator_groups_config = gcp.container.ClusterAuthenticatorGroupsConfigArgs(
            security_group=settings.security_group
        )
    arguments.service_external_ips_config = gcp.container.ClusterServiceExternalIpsConfigArgs(enabled=False)
    arguments.binary_authorization = gcp.container.ClusterBinaryAuthorizationArgs(
        evaluation_mode="PROJECT_SINGLETON_POLICY_ENFORCE" if settings.binary_authorization else "DISABLED"
    )
    arguments.security_posture_config = gcp.container.ClusterSecurityPostureConfigArgs(
        mode=settings.security_posture.value.upper(),
        vulnerability_mode="VULNERABILITY_DISABLED",  # the registry scans images, before they run
    )
    _close_the_kubelets_open_port(arguments, settings)


def _close_the_kubelets_open_port(arguments: gcp.container.ClusterArgs, settings: GkeClusterSettings) -> None:
    """Port 10255 tells everybody on the network what runs on a node; node groups and GKE's own nodes leave it shut."""
    autopilot = settings.mode is GkeMode.AUTOPILOT
    if autopilot or settings.autoscaler is GkeAutoscaler.NODE_AUTO_PROVISIONING:
        arguments.node_pool_auto_config = gcp.container.ClusterNodePoolAutoConfigArgs(
            node_kubelet_config=gcp.container.ClusterNodePoolAutoConfigNodeKubeletConfigArgs(
                insecure_kubelet_readonly_port_enabled="FALSE"
            )
        )
    if not autopilot:
        arguments.node_pool_defaults = gcp.container.ClusterNodePoolDefaultsArgs(
            node_config_defaults=gcp.container.ClusterNodePoolDefaultsNodeConfigDefaultsArgs(
                insecure_kubelet_readonly_port_enabled="FALSE"
            )
        )
