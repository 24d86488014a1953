# Sourced by ./mvnw and ./llava: sets JAVA_HOME to a JDK 25 or ends with one sentence that says what to do.
# Order: JAVA_HOME, the usual folder of installed JDKs, PATH.

llava_is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q "^JAVA_VERSION=\"$2[\".]" "$1/release"
}

llava_find_jdk() {
  local wanted=25 candidate javac
  if [ -n "${JAVA_HOME:-}" ] && llava_is_jdk "$JAVA_HOME" "$wanted"; then
    return
  fi
  for candidate in "${LLAVA_JVM_FOLDER:-/usr/lib/jvm}"/*; do
    if llava_is_jdk "$candidate" "$wanted"; then
      export JAVA_HOME="$candidate"
      return
    fi
  done
  if javac=$(command -v javac); then
    candidate=$(dirname "$(dirname "$(readlink -f "$javac")")")
    if llava_is_jdk "$candidate" "$wanted"; then
      export JAVA_HOME="$candidate"
      return
    fi
  fi
  echo "LLaVA Cluster needs JDK $wanted and found none: install one (Debian: apt-get install openjdk-25-jdk, or temurin-25-jdk from Adoptium) or set JAVA_HOME to it." >&2
  exit 1
}
