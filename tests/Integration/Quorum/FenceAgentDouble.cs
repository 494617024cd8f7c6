using System.Globalization;
using System.Runtime.Versioning;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>
/// A directory with a fence agent that switches a file: it reads its options as a real one does and writes down each call. What it is
/// to do wrong comes as the option <c>behave</c>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FenceAgentDouble : IDisposable
{
    private const string Script =
        """
        #!/bin/bash
        here=${0%/*}
        while IFS= read -r line; do
          case $line in action=*) action=${line#*=} ;; port=*) port=${line#*=} ;; behave=*) behave=${line#*=} ;; nodename=*) node=${line#*=} ;; esac
        done
        echo "$port $action $node" >>"$here/calls"
        case $behave:$action in
          hang:*) sleep 60 & wait ;;
          stuck:on) echo "no power" >&2; exit 1 ;;
          half:status) exit 1 ;;
          refuse:*) echo "cannot log in with secret-word" >&2; exit 1 ;;
          chatter:*) head -c 5000000 /dev/zero | tr '\0' x ;;
          lie:off) exit 0 ;;
        esac
        case $action in
          off) touch "$here/off.$port" ;;
          on) rm -f "$here/off.$port" ;;
          status) if [ -e "$here/off.$port" ]; then exit 2; fi ;;
        esac
        env | grep -i quorate && exit 9
        exit 0
        """;

    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("fence-");

    public FenceAgentDouble()
    {
        AgentFile.Write(Path.Combine(_directory.FullName, "fence_test"), Script);
    }

    public string Directory => _directory.FullName;

    /// <summary>Each call: the port, the action, the node; in order.</summary>
    public IReadOnlyList<string> Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    private string CallsFile => Path.Combine(Directory, "calls");

    public bool IsOff(int port) => File.Exists(Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"off.{port}")));

    public void Dispose() => _directory.Delete(recursive: true);
}
