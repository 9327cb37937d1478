/**
 * The script of a stand-in for Azure's command line: answers `az account get-access-token` with an unsigned JWT for the
 * resource and tenant that it was asked for (the home tenant without `--tenant`), as JSON. Everything else fails as the
 * real one does when nobody is signed in. With `AZML_AZ_LOG` set, each call appends its arguments to that file.
 */
const SCRIPT = `#!/bin/sh
tenant="@HOME_TENANT@"
resource="https://management.azure.com"
subscription="@SUBSCRIPTION@"
asked="$*"
[ -n "$AZML_AZ_LOG" ] && printf '%s\\n' "$asked" >> "$AZML_AZ_LOG"
[ "$1" = "--version" ] && { echo 'azure-cli 2.80.0 (stand-in)'; exit 0; }
[ "$1 $2" = "account get-access-token" ] || { echo "ERROR: the stand-in az knows only 'account get-access-token'" >&2; exit 2; }
shift 2
while [ $# -gt 0 ]; do
  case "$1" in
    --tenant|-t) tenant="$2"; shift ;;
    --resource) resource="$2"; shift ;;
    --scope) resource="\${2%/.default}"; shift ;;
    --subscription|-s) subscription="$2"; shift ;;
    --output|-o) shift ;;
  esac
  shift
done
now=$(date +%s)
end=$((now + 3600))
part() { printf '%s' "$1" | base64 | tr -d '=\\n' | tr '+/' '-_'; }
head=$(part '{"alg":"none","typ":"JWT"}')
body=$(part "{\\"aud\\":\\"$resource\\",\\"iss\\":\\"https://sts.windows.net/$tenant/\\",\\"iat\\":$now,\\"nbf\\":$now,\\"exp\\":$end,\\"tid\\":\\"$tenant\\",\\"oid\\":\\"0b1ec700-0000-4000-8000-0123456789ab\\",\\"name\\":\\"Azml Tester\\"}")
on=$(date -d "@$end" '+%Y-%m-%d %H:%M:%S.000000' 2>/dev/null || date -r "$end" '+%Y-%m-%d %H:%M:%S.000000')
printf '{"accessToken":"%s.%s.","expiresOn":"%s","expires_on":%s,"subscription":"%s","tenant":"%s","tokenType":"Bearer"}\\n' "$head" "$body" "$on" "$end" "$subscription" "$tenant"
`;

/** Writes the script as `az` into a folder, executable. */
export async function writeStandInAz(
  folder: string,
  home: { tenant: string; subscription: string },
): Promise<void> {
  const script = SCRIPT.replace("@HOME_TENANT@", home.tenant).replace("@SUBSCRIPTION@", home.subscription);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/az`, script, { mode: 0o755 });
}
