# Text blocks on standard input become files. The form, for public configuration and for secrets alike:
#
#   --- <absolute path> <mode, four digits>
#   <plain text, until the next such line>
#
# A YAML separator (`---` alone) is text like any other, and so is all that looks almost like a block's first line.

# blocks FOLDER PATTERN: put standard input's blocks below FOLDER; FOLDER/.list names them, one `path mode` a line.
# Text before the first block is skipped: it is this program itself. Only paths that match PATTERN are taken.
blocks() {
	local folder=$1 pattern=$2 line path='' mode header='^--- (/[A-Za-z0-9._/:-]+) (0[0-7]{3})$'
	: >"$folder/.list"
	while IFS= read -r line || [[ -n $line ]]; do
		if [[ $line =~ $header ]]; then
			path=${BASH_REMATCH[1]} mode=${BASH_REMATCH[2]}
			[[ $path =~ $pattern && $path != *..* ]] || fail "$path may not be sent; a block's path matches $pattern"
			printf '%s %s\n' "$path" "$mode" >>"$folder/.list"
			mkdir -p "$folder${path%/*}"
			: >"$folder$path"
		elif [[ -n $path ]]; then
			printf '%s\n' "$line" >>"$folder$path"
		fi
	done
}

# install_blocks FOLDER: the blocks become the host's files, each at once.
install_blocks() {
	local folder=$1 path mode
	while read -r path mode; do
		write "$ROOT$path" "$mode" <"$folder$path" || true
	done <"$folder/.list"
}

# verb_receive: the public configuration; what no block names is removed from /etc/infraplatform, but for the secrets.
verb_receive() {
	local folder path
	folder=$(mktemp -d)
	# shellcheck disable=SC2064  # the folder as it is named now
	trap "rm -rf '$folder'" EXIT
	blocks "$folder" '^/etc/infraplatform/'
	grep -q '^/etc/infraplatform/node.env ' "$folder/.list" || fail "no block is node.env; send the node's configuration"
	install_blocks "$folder"
	while IFS= read -r path; do
		grep -q "^${path#"$ROOT"} " "$folder/.list" && continue
		rm -f "$path"
		changed "removed ${path#"$ROOT"}"
	done < <(find "$CONFIG" -path "$SECRETS" -prune -o -type f -print)
	finished receive
}

# receive_secrets: the blocks of `member`. They are readable by root alone from their first byte.
receive_secrets() {
	local folder
	mkdir -p "$SECRETS"
	chmod 0700 "$SECRETS"
	folder=$(mktemp -d "$SECRETS/.new-XXXXXX")
	# shellcheck disable=SC2064  # the folder as it is named now
	trap "rm -rf '$folder'" EXIT
	blocks "$folder" '^/etc/(infraplatform/secrets|kubernetes/pki)/'
	"$@" "$folder"
	forget_secrets "$folder"
	rm -rf "$folder"
	trap - EXIT
}

# forget_secrets FOLDER: what is below a folder of the secrets and was not sent any more.
forget_secrets() {
	local path
	while IFS= read -r path; do
		grep -q "^${path#"$ROOT"} " "$1/.list" && continue
		rm -f "$path"
		changed "removed ${path#"$ROOT"}"
	done < <(find "$SECRETS" -mindepth 2 -path "$SECRETS/.*" -prune -o -type f -print)
}
