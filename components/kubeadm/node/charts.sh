# Helm charts, in the order of their folders below /etc/infraplatform/charts:
#
#   <number>-<release>/chart           `<phase> <release> <namespace> <download>`; phase is network or later
#   <number>-<release>/namespace.yaml  applied first
#   <number>-<release>/values.yaml     what the chart is told
#   <number>-<release>/images          what its pods run, for who fills a site's registry; not read here
#
# What a chart is told in secret is in /etc/infraplatform/secrets/charts/<release>.yaml, over its other values.
#
# A download of `-` means that the folder is itself a chart: objects of kinds that an earlier chart brought. The
# ConfigMap kube-system/infraplatform-charts says what is installed, `release: digest namespace`, so one control plane
# installs a chart and the others find it there.

readonly CHARTS=$STATE/charts
readonly CHART_LIST=infraplatform-charts

# chart_downloads: the downloads of all charts, one a line, and helm before them.
chart_downloads() {
	local files=("$CONFIG"/charts/*/chart)
	((${#files[@]} == 0)) || { echo helm && awk '$4 != "-" {print $4}' "${files[@]}"; }
}

# helm_admin NAMESPACE WORD...: as the administrator, at this control plane's own API server.
helm_admin() {
	local namespace=$1
	shift
	HOME=$STATE helm --kubeconfig "$KUBERNETES/admin.conf" --kube-apiserver "https://$NODE_ADDRESS:$API_PORT" \
		--namespace "$namespace" "$@" </dev/null
}

# listed_charts: a line `release digest namespace` for each that is installed.
listed_charts() {
	# shellcheck disable=SC2016  # a template's variables
	kubectl_admin -n kube-system get configmap "$CHART_LIST" --ignore-not-found \
		--output 'go-template={{range $release, $is := .data}}{{$release}} {{$is}}{{"\n"}}{{end}}'
}

# list_chart RELEASE VALUE: VALUE is JSON; null forgets the release.
list_chart() {
	kubectl_admin -n kube-system create configmap "$CHART_LIST" >/dev/null 2>&1 || true
	kubectl_admin -n kube-system patch configmap "$CHART_LIST" --type merge --patch "{\"data\":{\"$1\":$2}}" >/dev/null
}

# install_charts PHASE
install_charts() {
	local folder phase release namespace download
	for folder in "$CONFIG"/charts/*; do
		[[ -f $folder/chart ]] || continue # the folder of a chart that left the settings
		read -r phase release namespace download <"$folder/chart"
		[[ $phase != "$1" ]] || install_chart "$folder" "$release" "$namespace" "$download"
	done
}

install_chart() {
	local folder=$1 release=$2 namespace=$3 download=$4 chart=$1 secret=$SECRETS/charts/$2.yaml digest words=() secrets=()
	[[ ! -f $secret ]] || secrets=("$secret")
	digest=$({ find "$folder" -type f -print0 | sort -z | xargs -0 cat; grep "^$download " "$CONFIG/downloads" || true; cat /dev/null "${secrets[@]}"; } |
		sha256sum | cut -c 1-16)
	! grep -qx "$release $digest $namespace" < <(listed_charts) || return 0
	if [[ $download != - ]]; then
		chart=$CHARTS/$download.tgz words=(--values "$folder/values.yaml" "${secrets[@]/#/--values=}")
		apply_manifest "$folder/namespace.yaml"
	fi
	end_pending "$release" "$namespace"
	words=(upgrade "$release" "$chart" --install --history-max 5 --timeout 10m "${words[@]}")
	# Objects wait for the webhooks of the chart that their kinds come from.
	if [[ $download != - ]] || ! wait_until 300 "what checks the objects of $release" helm_admin "$namespace" "${words[@]}"; then
		helm_admin "$namespace" "${words[@]}" >/dev/null ||
			fail "the chart $release cannot be installed (Helm's words are above); mend that and run \`pulumi up\` again"
	fi
	list_chart "$release" "\"$digest $namespace\""
	changed "installed the chart $release"
}

# end_pending RELEASE NAMESPACE: an installation that was cut off would keep every later one out.
end_pending() {
	[[ -n $(helm_admin "$2" list --pending --short --filter "^$1\$") ]] || return 0
	say "takes back what was cut off of the chart $1"
	helm_admin "$2" rollback "$1" >/dev/null 2>&1 || helm_admin "$2" uninstall "$1" >/dev/null
}

# uninstall_charts: what left the settings leaves the cluster, the last installed first.
uninstall_charts() {
	local release namespace
	while read -r release _ namespace; do
		# Where no chart is left there is no file; without /dev/null grep would read the list.
		! grep -q " $release $namespace " /dev/null "$CONFIG"/charts/*/chart || continue
		has helm || fail "helm is not here to remove the chart $release; put it into $BINARIES and run \`pulumi up\` again"
		helm_admin "$namespace" uninstall "$release" --ignore-not-found --wait --timeout 5m >/dev/null ||
			fail "the chart $release cannot be removed (Helm's words are above); mend that and run \`pulumi up\` again"
		remove_namespace "$namespace" "$release"
		list_chart "$release" null
		changed "removed the chart $release"
	done < <(listed_charts | sort -r)
}

# remove_namespace NAMESPACE RELEASE: it goes with the last chart that it was made for; those of Kubernetes stay.
remove_namespace() {
	[[ $1 != kube-* && $1 != default ]] || return 0
	! grep -q "^[^ ]* [^ ]* $1\$" < <(listed_charts | grep -v "^$2 ") || return 0
	kubectl_admin delete namespace "$1" --ignore-not-found --request-timeout 0 --timeout 5m >/dev/null ||
		fail "the namespace $1 does not end; look what keeps it by \`kubectl get namespace $1 -o yaml\`"
}
