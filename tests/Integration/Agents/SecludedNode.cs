using System.Diagnostics;
using System.Globalization;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Executor;

namespace Quorate.Tests.Integration.Agents;

/// <summary>
/// A real executor and a real guard with Debian's agents, in a mount and a network namespace of their own: what is mounted and
/// which addresses are added there is gone with the guard, and the machine sees none of it.
/// </summary>
internal sealed class SecludedNode : IAsyncDisposable
{
    private const int Executable = 0b111_101_101;

    private readonly List<string> _loopDevices = [];
    private readonly List<int> _started = [];

    public SecludedNode(bool isGuardParent = false, int ttlMilliseconds = 10_000)
    {
        Node = new ExecutingNode { MoreAgents = ["/usr/lib/ocf"], IsGuardParent = isGuardParent, TtlMilliseconds = ttlMilliseconds };
        string network = isGuardParent
            ? "" // Its executor speaks to the test over the loopback interface.
            : "ip link set lo up && ip link add q0 type veth peer name q1 && ip addr add 10.77.0.1/24 dev q0 && ip link set q1 up && ip link set q0 up &&";
        Node.GuardFile = Script("guard", $$"""
            exec unshare --mount --propagation private {{(isGuardParent ? "" : "--net")}} /bin/sh -c '{{network}} exec "$0" "$@"' {{Node.GuardFile}} "$@"
            """);
        Directory.CreateDirectory(MountPoint);
    }

    public ExecutingNode Node { get; }

    public string MountPoint => Path.Combine(Node.Root, "mounted");

    /// <summary>What the scripts of this node wrote.</summary>
    public string[] Written => File.Exists(Path.Combine(Node.Root, "log")) ? File.ReadAllLines(Path.Combine(Node.Root, "log")) : [];

    /// <summary>An executable file of shell.</summary>
    public string Script(string name, string body)
    {
        string file = Path.Combine(Node.Root, name);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)Executable);
        }

        return file;
    }

    /// <summary>The process of the init script's daemon.</summary>
    public int DaemonId => int.Parse(File.ReadAllText(Path.Combine(Node.Root, "daemon.id")), CultureInfo.InvariantCulture);

    /// <summary>An init script whose daemon leaves parent and session, as init scripts' daemons do, and works in the mount point.</summary>
    /// <param name="isStubborn">Its stop claims to have stopped, and did not.</param>
    public string InitScript(bool isStubborn = false)
    {
        string pid = Path.Combine(Node.Root, "daemon.pid");
        string kill = isStubborn ? "" : $"kill $(cat {pid}) 2>/dev/null; while kill -0 $(cat {pid}) 2>/dev/null; do :; done;";
        return Script("init", $$"""
            echo "$1 mounted=$(grep -c ' {{MountPoint}} ' /proc/mounts)" >> {{Node.Root}}/log
            case $1 in
            start) cd {{MountPoint}}; (setsid sh -c 'echo $$ > {{pid}}; exec sleep 1000' > /dev/null 2>&1 &); while [ ! -s {{pid}} ]; do :; done; cp {{pid}} {{Node.Root}}/daemon.id ;;
            stop) {{kill}} rm -f {{pid}}; exit 0 ;;
            status) [ -e {{pid}} ] || exit 3; kill -0 $(cat {{pid}}) 2>/dev/null || exit 1 ;;
            *) exit 3 ;;
            esac
            """);
    }

    /// <summary>A loop device with an ext4 file system.</summary>
    public async Task<string> LoopDeviceAsync()
    {
        string image = Path.Combine(Node.Root, "image");
        await RunAsync("truncate", "-s", "16M", image);
        await RunAsync("mkfs.ext4", "-q", "-F", image);
        string device = (await RunAsync("losetup", "--find", "--show", image)).Trim();
        _loopDevices.Add(device);
        return device;
    }

    /// <summary>Runs a program where the guard lives; its standard output.</summary>
    public Task<string> InsideAsync(params string[] command) => RunAsync("nsenter", ["--target", GuardId, "--mount", "--net", "--", .. command]);

    /// <summary>True when something is mounted there, as the guard sees it.</summary>
    public bool IsMounted => File.ReadAllText($"/proc/{GuardId}/mounts").Contains($" {MountPoint} ", StringComparison.Ordinal);

    /// <summary>A process that has the mount point as its working directory; killed at the end at the latest.</summary>
    public async Task<int> UseFileSystemAsync()
    {
        string pid = Path.Combine(Node.Root, "user.pid");
        await InsideAsync("sh", "-c", $"cd {MountPoint} && (setsid sh -c 'echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 1000' > /dev/null 2>&1 &)");
        await Node.UntilAsync(() => File.Exists(pid), "the user of the file system is there");
        int user = int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture);
        _started.Add(user);
        return user;
    }

    public async Task<OperationEnded> StartAsync(string resources, long epoch = 1)
    {
        await Node.StartAsync();
        return await Node.OrderAsync(NodeAction.Start, epoch, Node.Configure(resources));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (int process in _started.Where(Guard.GuardedNode.IsAlive))
        {
            await RunAsync("kill", "-KILL", $"{process}");
        }

        foreach (string device in _loopDevices)
        {
            // Detached at once, or when its last mount goes.
            await RunAsync("losetup", "--detach", device);
        }

        await Node.DisposeAsync();
    }

    private string GuardId => Node.GuardId.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using CancellationTokenSource limit = new(ExecutingNode.Patience);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} exited {process.ExitCode}: {await errors}");
        return output;
    }
}
