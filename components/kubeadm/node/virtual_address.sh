# The API at a virtual address, by kube-vip: one control plane at a time answers ARP for it, the one that has a lease.
#
# kube-vip is a static pod with the administrator's kubeconfig, at this host's own API server. It begins once the host is
# a control plane: kubeadm makes admin.conf before anybody may do anything by it, and wants no foreign static pod where
# it joins. Until then the founder of the cluster has the address on its loopback, so that kubeadm reaches itself.

# virtual_address: VIRTUAL_ADDRESS and KUBE_VIP_IMAGE come from node.env; both are empty where there is none.
virtual_address() {
	local manifest=$KUBERNETES/manifests/kube-vip.yaml
	if [[ -n ${VIRTUAL_ADDRESS:-} ]]; then
		write "$manifest" 0600 < <(kube_vip_pod) || true
		leave_loopback
		wait_until 120 "$VIRTUAL_ADDRESS" virtual_address_answers ||
			fail "nobody answers at $VIRTUAL_ADDRESS; is the address free? Read \`crictl logs\` of kube-vip on the control planes"
	elif [[ -f $manifest ]]; then
		rm -f "$manifest"
		changed "removed kube-vip"
	fi
}

virtual_address_answers() { api_answers "$VIRTUAL_ADDRESS"; }

# take_loopback: where the endpoint is a name, it means this host by /etc/hosts, and nothing is missing.
take_loopback() {
	[[ ${API_ENDPOINT%:*} != "${VIRTUAL_ADDRESS:-}" ]] || ip address replace "$VIRTUAL_ADDRESS/32" dev lo
}

leave_loopback() { ip address delete "$VIRTUAL_ADDRESS/32" dev lo 2>/dev/null || true; }

# forget_virtual_address: what kube-vip leaves behind where it was ended at once.
forget_virtual_address() {
	[[ -n ${VIRTUAL_ADDRESS:-} ]] || return 0
	leave_loopback
	ip address delete "$VIRTUAL_ADDRESS/32" dev "$(interface_of_node)" 2>/dev/null || true
}

# kube_vip_pod: source: kube-vip v1.2.3, pkg/kubevip/config_generator.go and config_envvar.go, read 2026-11-29. It says
# `kubernetes_addr` where upstream has a hostAlias, which static pods of some patch releases lost (kube-vip issue 692).
kube_vip_pod() {
	local interface
	interface=$(interface_of_node)
	[[ -n $interface ]] || fail "no interface has $NODE_ADDRESS; correct private_address in the settings"
	cat <<-POD
		apiVersion: v1
		kind: Pod
		metadata:
		  name: kube-vip
		  namespace: kube-system
		spec:
		  hostNetwork: true
		  priorityClassName: system-node-critical
		  containers:
		    - name: kube-vip
		      image: $KUBE_VIP_IMAGE
		      imagePullPolicy: IfNotPresent
		      args: [manager]
		      env:
		        - {name: address, value: "$VIRTUAL_ADDRESS"}
		        - {name: port, value: "$API_PORT"}
		        - {name: cp_enable, value: "true"}
		        - {name: cp_namespace, value: kube-system}
		        - {name: kubernetes_addr, value: "https://$NODE_ADDRESS:$API_PORT"}
		        - {name: vip_arp, value: "true"}
		        - {name: vip_interface, value: "$interface"}
		        - {name: vip_leaderelection, value: "true"}
		        - {name: vip_leasename, value: plndr-cp-lock}
		        - {name: vip_nodename, value: "$NODE_NAME"}
		        - {name: vip_subnet, value: "32"}
		      securityContext:
		        capabilities: {drop: [ALL], add: [NET_ADMIN, NET_RAW]}
		      volumeMounts:
		        - {name: kubeconfig, mountPath: /etc/kubernetes/admin.conf, readOnly: true}
		  volumes:
		    - name: kubeconfig
		      hostPath: {path: /etc/kubernetes/admin.conf, type: File}
	POD
}
