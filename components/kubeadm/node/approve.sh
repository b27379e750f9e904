# Serving certificates of kubelets: a node may have one for its own name and its own addresses, nothing else.
#
# Who has which address is in the ConfigMap kube-system/infraplatform-nodes, `name: addresses`. Its only writer is this
# program on a control plane: for the control planes from their configuration, for other nodes from the certificate
# that the operator signed for them to join with. Its name is infraplatform:join:NODE, its groups say
# infraplatform:address:ADDRESS; the API server shows both in the request for the node's first client certificate.

readonly SERVING=kubernetes.io/kubelet-serving
readonly CLIENT=kubernetes.io/kube-apiserver-client-kubelet
readonly NODE_LIST=infraplatform-nodes

# verb_approve: look whenever a request comes. The watch ends now and then; systemd starts it anew.
verb_approve() {
	local name
	member_control_plane || fail "is no control plane of a cluster"
	list_control_planes
	kubectl --kubeconfig "$KUBERNETES/admin.conf" --server "https://$NODE_ADDRESS:$API_PORT" get certificatesigningrequests \
		--watch --output 'jsonpath={.metadata.name}{"\n"}' | while IFS= read -r name; do
		judge_request "$name" </dev/null
	done
}

request_field() { kubectl_admin get certificatesigningrequest "$1" --ignore-not-found --output "jsonpath=$2"; }

judge_request() {
	local signer
	[[ $1 =~ ^[a-z0-9.-]+$ ]] || return 0
	signer=$(request_field "$1" '{.spec.signerName}')
	case $signer in
	"$CLIENT") list_joining_node "$1" ;;
	"$SERVING") approve_serving "$1" ;;
	esac
}

list_control_planes() {
	local entry
	for entry in $CONTROL_PLANES; do list_node "${entry%%=*}" "${entry#*=}"; done
}

# list_node NAME ADDRESSES
list_node() {
	[[ $(listed_addresses "$1") != "$2" ]] || return 0
	kubectl_admin -n kube-system create configmap "$NODE_LIST" >/dev/null 2>&1 || true
	kubectl_admin -n kube-system patch configmap "$NODE_LIST" --type merge --patch "{\"data\":{\"$1\":\"$2\"}}" >/dev/null
	say "listed $1 at $2"
}

unlist_node() {
	kubectl_admin -n kube-system patch configmap "$NODE_LIST" --type merge --patch "{\"data\":{\"$1\":null}}" >/dev/null
}

listed_addresses() {
	kubectl_admin -n kube-system get configmap "$NODE_LIST" --ignore-not-found --output "jsonpath={.data.${1//./\\.}}"
}

# list_joining_node REQUEST: the operator's word for where the node is.
list_joining_node() {
	local user node group addresses=()
	user=$(request_field "$1" '{.spec.username}')
	node=${user#infraplatform:join:}
	[[ $user != "$node" && $node =~ ^[a-z0-9.-]+$ ]] || return 0
	for group in $(request_field "$1" '{.spec.groups[*]}'); do
		[[ ! $group =~ ^infraplatform:address:([0-9.]+)$ ]] || addresses+=("${BASH_REMATCH[1]}")
	done
	((${#addresses[@]} == 0)) || list_node "$node" "${addresses[*]}"
}

# approve_serving REQUEST: pending, from the node itself, and for nothing but its name and its addresses.
approve_serving() {
	local user node conditions
	conditions=$(request_field "$1" '{.status.conditions[*].type}')
	[[ -z $conditions ]] || return 0
	user=$(request_field "$1" '{.spec.username}')
	node=${user#system:node:}
	[[ $user != "$node" ]] || return 0
	if request_field "$1" '{.spec.request}' | base64 -d | serves_only "$node" "$(listed_addresses "$node")"; then
		kubectl_admin certificate approve "$1" >/dev/null
		say "approved the serving certificate of $node"
	else
		say "$1 of $node is not for its listed name and addresses; it stays pending"
	fi
}

# serves_only NAME ADDRESSES: whether the PKCS#10 request on standard input has that node's subject and no other names.
serves_only() {
	local text subject names name
	text=$(openssl req -noout -text -subject -nameopt RFC2253 2>/dev/null) || return 1
	[[ -n $2 ]] || return 1
	subject=$(grep -E '^subject=' <<<"$text")
	[[ ${subject// /} == "subject=CN=system:node:$1,O=system:nodes" ]] || return 1
	names=$(grep -A 1 'X509v3 Subject Alternative Name' <<<"$text" | tail -n 1 | tr -d ' ')
	[[ -n $names ]] || return 1
	for name in ${names//,/ }; do
		case $name in
		"DNS:$1") ;;
		IPAddress:*) [[ " $2 " == *" ${name#IPAddress:} "* ]] || return 1 ;;
		*) return 1 ;;
		esac
	done
}
