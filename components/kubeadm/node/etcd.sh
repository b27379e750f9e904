# etcd as its own JSON gateway shows it (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/), so that no program of
# etcd's is needed for its members. Answers are one line of JSON with 64-bit numbers as strings.

# etcd_call ADDRESS PATH CURL_OPTION...: of a control plane's own member.
etcd_call() { etcd_request "https://$1:2379" "${@:2}"; }

# etcd_request ENDPOINT PATH CURL_OPTION...
etcd_request() {
	local url=$1$2
	shift 2
	curl --silent --show-error --fail --noproxy '*' --max-time 10 --cacert "$KUBERNETES/pki/etcd/ca.crt" \
		--cert "$KUBERNETES/pki/apiserver-etcd-client.crt" --key "$KUBERNETES/pki/apiserver-etcd-client.key" "$@" "$url"
}

# etcd_members ADDRESS: a line `id name peer_address role` for each; a member that never started has the name `-`.
etcd_members() {
	local member id name peer role
	etcd_call "$1" /v3/cluster/member/list --data '{}' | grep -oE '\{"ID":"[0-9]+"[^}]*\}' | while IFS= read -r member; do
		id=$(grep -oE '"ID":"[0-9]+"' <<<"$member" | grep -oE '[0-9]+')
		name=$(grep -oE '"name":"[^"]+"' <<<"$member" | cut -d '"' -f 4 || true)
		peer=$(grep -oE '"peerURLs":\["https://[^:"]+' <<<"$member" | sed 's/.*\/\///')
		role=voter
		[[ $member != *'"isLearner":true'* ]] || role=learner
		printf '%s %s %s %s\n' "$id" "${name:--}" "$peer" "$role"
	done
}

# External etcd is somebody else's: ETCD_ENDPOINTS in node.env are its addresses, and it has no member here.
has_external_etcd() { [[ -n ${ETCD_ENDPOINTS:-} ]]; }

# refuse_used_etcd: a cluster is founded in etcd that holds none. What an own try that failed left there is its own.
refuse_used_etcd() {
	local endpoint answer=''
	has_external_etcd && [[ ! -f $STATE/etcd-was-empty ]] || return 0
	for endpoint in $ETCD_ENDPOINTS; do
		# The keys from /registry/ to /registry0, counted.
		answer=$(etcd_request "$endpoint" /v3/kv/range \
			--data '{"key":"L3JlZ2lzdHJ5Lw==","range_end":"L3JlZ2lzdHJ5MA==","count_only":true}') && break
	done
	[[ -n $answer ]] || fail "none of cluster.etcd's endpoints answers ($ETCD_ENDPOINTS); see the messages above"
	[[ $answer != *'"count":'* ]] ||
		fail "etcd at $endpoint holds a cluster already; give this one its own, or remove the old by \`etcdctl del --prefix /registry/\`"
	write "$STATE/etcd-was-empty" 0644 <<<"$endpoint" || true
}

etcd_healthy() { [[ $(etcd_call "$1" /health 2>/dev/null) == *'"health":"true"'* ]]; }

# etcd_lives ADDRESS: it answers, with or without a majority.
etcd_lives() { [[ $(etcd_call "$1" '/health?serializable=true' 2>/dev/null) == *'"health":"true"'* ]]; }

# refuse_lost_quorum: without a majority of etcd nothing in the cluster can be changed, and waiting for its API is in vain.
refuse_lost_quorum() {
	local id name peer role members voters=0 alive=0 dead=''
	[[ -f $KUBERNETES/manifests/etcd.yaml ]] || return 0
	# A member that does not answer at all is waited for where its API is.
	members=$(etcd_members "$NODE_ADDRESS" 2>/dev/null) || return 0
	while read -r id name peer role; do
		[[ $role == voter ]] || continue
		voters=$((voters + 1))
		if etcd_lives "$peer"; then alive=$((alive + 1)); else dead+=" $name"; fi
	done <<<"$members"
	((alive > voters / 2)) ||
		fail "etcd has $voters members of which $alive live, no majority; start one of$dead, or restore a snapshot on one control plane"
}

# etcd_remove MEMBERS_ADDRESS NAME ADDRESS: take the member of that name, or at that address, away, and see that it is
# gone. Refused where the living of those that stay would be no majority of them. etcd is saved on this host before.
etcd_remove() {
	local at=$1 gone_name=$2 gone_address=$3 id name peer role gone='' stay=0 alive=0 members
	members=$(etcd_members "$at") || fail "etcd at $at does not show its members; see the message above"
	while read -r id name peer role; do
		if [[ $name == "$gone_name" || $peer == "$gone_address" ]]; then
			gone=$id
		elif [[ $role == voter ]]; then
			stay=$((stay + 1))
			if etcd_healthy "$peer"; then alive=$((alive + 1)); fi
		fi
	done <<<"$members"
	((stay > 0)) || fail "etcd has no other member than $gone_name's; the cluster ends with it: destroy it as a whole"
	[[ -n $gone ]] || return 0
	((alive > stay / 2)) ||
		fail "without $gone_name etcd has $stay members of which $alive live, no majority; start one of the dead first"
	save_snapshot "$at"
	# A place for copies that is out of order keeps nobody from taking out what is dead: the nightly one says it too.
	(send_snapshot "$SNAPSHOT") || say "$gone_name leaves without that copy"
	etcd_call "$at" /v3/cluster/member/remove --data "{\"ID\":\"$gone\"}" >/dev/null ||
		fail "etcd did not remove the member of $gone_name; see the message above"
	members=$(etcd_members "$at") || fail "etcd does not show its members after the removal of $gone_name; run this again"
	# No pipe into grep -q: it ends at the first match, and what is cut off then counts as failed.
	if grep -q "^$gone " <<<"$members"; then
		fail "etcd still has the member of $gone_name; run this again"
	fi
	changed "removed the etcd member of $gone_name"
}

# forget_dead_members: etcd takes no new member while one of the old is dead. Before this host joins, the dead that the
# configuration does not list leave, and so does what an earlier life of this host left. The living leave by `leave`.
forget_dead_members() {
	local at id name peer role members
	at=$(own_or_living_control_plane)
	[[ $at != "$NODE_ADDRESS" ]] || return 0
	kubeadm_run init phase certs apiserver-etcd-client --config "$CONFIG/init.yaml"
	members=$(etcd_members "$at") || fail "etcd at $at does not show its members; see the message above"
	while read -r id name peer role; do
		[[ " $CONTROL_PLANES " != *" $name=$peer "* || $name == "$NODE_NAME" ]] || continue
		if ! etcd_healthy "$peer"; then etcd_remove "$at" "$name" "$peer"; fi
	done <<<"$members"
}
