#!/bin/sh
# Makes a Debian package out of the npm package: deploy/debian/build.sh OUT_FOLDER
# Wants npm, dpkg-deb and a Node 24 in PATH. The package wants a Node 24 as /usr/bin/node
# (nodejs >= 24.15); it holds everything else, so that nothing is fetched when it is installed. Its
# maintainer is whoever makes it: DEBFULLNAME and DEBEMAIL, as Debian's own tools have it.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
version=$(node -p 'JSON.parse(fs.readFileSync("package.json")).version')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

npm pack --silent --pack-destination "$work" > /dev/null
tree=$work/tree
lib=$tree/usr/lib/peerage
mkdir -p "$lib"
tar -xzf "$work/peerage-$version.tgz" -C "$lib" --strip-components=1
cp package-lock.json "$lib/"
(cd "$lib" && npm ci --silent --omit=dev --ignore-scripts --no-audit --no-fund && rm package-lock.json)

install -d "$tree/usr/bin" "$tree/etc/peerage" "$tree/usr/share/man/man1" \
  "$tree/usr/share/bash-completion/completions" "$tree/usr/lib/systemd/system" "$tree/usr/lib/sysusers.d" \
  "$tree/usr/share/doc/peerage" "$tree/DEBIAN"
ln -s ../lib/peerage/bin/peerage.js "$tree/usr/bin/peerage"
install -m 0644 deploy/systemd/peerage.service deploy/systemd/peerage.socket "$tree/usr/lib/systemd/system/"
install -m 0644 sample/active-directory.yaml sample/openldap.yaml LICENSE "$tree/usr/share/doc/peerage/"
echo 'u peerage - "Peerage" /var/lib/peerage' > "$tree/usr/lib/sysusers.d/peerage.conf"
node "$lib/bin/peerage.js" manual | gzip -9n > "$tree/usr/share/man/man1/peerage.1.gz"
node "$lib/bin/peerage.js" completion bash > "$tree/usr/share/bash-completion/completions/peerage"

cat > "$tree/DEBIAN/control" << CONTROL
Package: peerage
Version: $version
Architecture: all
Maintainer: ${DEBFULLNAME:-$(id -un)} <${DEBEMAIL:-$(id -un)@localhost}>
Section: comm
Priority: optional
Depends: nodejs (>= 24.15)
Description: people of the directory for Asterisk and its phones
 Keeps the people of a company's directory in memory and answers what
 Asterisk and its telephones ask about them.
CONTROL
# Started by its administrator, when there is a configuration.
cat > "$tree/DEBIAN/postinst" << 'POSTINST'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemd-sysusers peerage.conf
  systemctl daemon-reload
  systemctl try-restart peerage.service
fi
POSTINST
chmod 0755 "$tree/DEBIAN/postinst"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 0)} \
  dpkg-deb --root-owner-group --build "$tree" "$out/peerage_${version}_all.deb"
