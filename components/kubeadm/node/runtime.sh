# What runs containers: CONTAINER_RUNTIME, or containerd where nothing is said. Each has a part of its own, by the same
# words: containerd.sh, cri_o.sh, docker.sh.

# of_runtime WORD ARGUMENT...: what this host's runtime does at that word.
of_runtime() {
	local kind=${CONTAINER_RUNTIME:-containerd} word=$1
	shift
	"${kind//-/_}_$word" "$@"
}

# container_runtime: its programs and its configuration, then its services by them.
container_runtime() {
	local before=$CHANGES name running=yes
	# shellcheck disable=SC2046  # names
	install_downloads $(of_runtime downloads)
	of_runtime configure
	for name in $(of_runtime units); do systemctl is-active --quiet "$name" || running=''; done
	((CHANGES > before)) || [[ -z $running ]] || return 0
	systemctl daemon-reload
	restart_runtime
}

restart_runtime() {
	local name
	for name in $(of_runtime units); do
		systemctl enable --quiet "$name"
		systemctl restart "$name" || fail "$name does not start; read \`journalctl -u $name\` on this host"
		changed "started $name"
	done
}

# upgrade_runtime: on a node that has no pods any more.
upgrade_runtime() {
	local before=$CHANGES
	# shellcheck disable=SC2046  # names
	install_downloads $(of_runtime upgraded)
	((CHANGES == before)) || restart_runtime
}

# packaged_unit NAME PROGRAM: whether a distribution's package brought the service, and its own program is in charge.
packaged_unit() {
	local folder
	for folder in "$ROOT"/usr/lib/systemd/system "$ROOT"/lib/systemd/system; do
		[[ -f $folder/$1.service && ! -x $ROOT/usr/local/bin/$2 ]] && return
	done
	return 1
}

# install_images: import what the runtime does not hold, and keep it: no registry has it, should the kubelet collect it as
# garbage. Where a runtime cannot keep it, it is imported again by the next run.
install_images() {
	local name sha256 url new
	mkdir -p "$STATE/downloads"
	while read -r name sha256 url; do
		[[ -n $name ]] || continue
		stamped "image-$sha256" "$name" && of_runtime has_image "$name" && continue
		room "$STATE" 500
		new=$STATE/downloads/.new-image
		fetch "$url" "$sha256" "$new"
		of_runtime import "$new" "$name"
		rm -f "$new"
		of_runtime has_image "$name" ||
			fail "$url does not hold the image $name; put the right archive on the mirror"
		of_runtime keep "$name"
		stamp "image-$sha256" "$name"
		changed "imported the image $name"
	done < <(cat "$CONFIG/images" 2>/dev/null)
	let_go_of_images
}

# let_go_of_images: what the configuration names no more may be collected.
let_go_of_images() {
	local stamp sha256
	for stamp in "$STATE"/downloads/image-*; do
		sha256=${stamp##*/image-}
		if [[ ! -f $stamp ]] || grep -qs " $sha256 " "$CONFIG/images"; then continue; fi
		of_runtime let_go "$(<"$stamp")"
		rm -f "$stamp"
	done
}

# trust_registry FOLDER: the own registry's certificate is signed by the cluster's CA, which the runtime reads there at
# every pull.
trust_registry() {
	local folder=$ROOT$1 old authority=/etc/kubernetes/pki/ca.crt
	old=$(cat "$STATE/registries" 2>/dev/null) || true
	if [[ -n $old && $old != "${REGISTRY:-}" ]]; then
		rm -rf "${folder:?}/$old"
		changed "forgot the registry $old"
	fi
	if [[ -n ${REGISTRY:-} && $(readlink "$folder/$REGISTRY/ca.crt") != "$authority" ]]; then
		mkdir -p "$folder/$REGISTRY"
		ln -sfn "$authority" "$folder/$REGISTRY/ca.crt"
		changed "has $REGISTRY trusted"
	fi
	mkdir -p "$STATE"
	printf '%s\n' "${REGISTRY:-}" >"$STATE/registries"
}
