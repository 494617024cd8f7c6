using Quorate.Cli.Api;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces.Clusvcadm;

/// <summary><c>clusvcadm</c>.</summary>
/// <remarks>Source: clusvcadm(8); rgmanager.md 5.1 and 5.4.</remarks>
internal static class ClusvcadmFace
{
    private const int Failed = 1;
    private const int ByteMask = 0xFF;

    /// <summary>It waits until the outcome is known, as it did; one question of many is this long.</summary>
    private static readonly TimeSpan WaitOnce = TimeSpan.FromMinutes(5);

    /// <summary>Runs the tool.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        ClusvcadmOptions options = ClusvcadmOptions.Read(args);
        TextWriter output = options.IsQuiet ? TextWriter.Null : Console.Out;
        if (options.Problem is { } problem)
        {
            await output.WriteLineAsync(problem);
            return Failed;
        }

        if (options.Action == ClusvcadmAction.Version)
        {
            await output.WriteLineAsync($"clusvcadm version {Face.Version}");
            return 0;
        }

        try
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            return options.Action is ClusvcadmAction.Lock or ClusvcadmAction.Unlock or ClusvcadmAction.QueryLock
                ? await LockAsync(api, options.Action, output, cancellation)
                : await OrderAsync(api, options, output, cancellation);
        }
        catch (NoAnswerException silence)
        {
            await output.WriteLineAsync($"Could not connect to resource group manager: {silence.Message}");
            return Failed;
        }
    }

    /// <summary>What the shell is told: 0 where what was asked for holds, else the negative number as a byte.</summary>
    public static int ExitCodeOf(ResultCode result) => result is ResultCode.Success or ResultCode.AlreadyRunning ? 0 : (int)result & ByteMask;

    /// <summary>The line before the outcome, without its end.</summary>
    public static string Announcement(ClusvcadmOptions options, NodeName? target)
    {
        string verb = Verb(options.Action);
        return options.Action switch
        {
            ClusvcadmAction.Relocate or ClusvcadmAction.Migrate =>
                $"Trying to {verb} {options.Service}{(target is { } node ? $" to {node}" : "")}...",
            _ => $"{(target is { } node ? $"Member {node}" : "Local machine")} {verb} {options.Service}...",
        };
    }

    /// <summary>What is said after a success that started the service; null for nothing.</summary>
    public static string? Landing(ClusvcadmOptions options, NodeName? target, CommandReply reply) =>
        reply is { Result: ResultCode.Success, Owner: { } owner } && options.Action is (ClusvcadmAction.Enable or ClusvcadmAction.Relocate)
            ? $"{(target is { } wanted && wanted != owner ? "Warning: " : "")}{options.Service} is now running on {owner}"
            : null;

    private static async Task<int> OrderAsync(ClusterApi api, ClusvcadmOptions options, TextWriter output, CancellationToken cancellation)
    {
        NodeName? target = null;
        if (options.Member is { } typed)
        {
            ClusterView cluster = await api.GetClusterAsync(cancellation);
            MemberName member = MemberName.Find(typed, cluster.Nodes);
            foreach (string line in member.Lines)
            {
                await output.WriteLineAsync(line);
            }

            if (member.Member is not { } found)
            {
                return Failed;
            }

            if (options.Action == ClusvcadmAction.Migrate && cluster.Nodes.First(node => node.Name == found).State != NodeState.Online)
            {
                await output.WriteLineAsync($"'{found}' is offline");
                return Failed;
            }

            target = found;
        }

        await output.WriteAsync(Announcement(options, target));
        await output.FlushAsync(cancellation);
        CommandReply reply = await UntilKnownAsync(api, options, target, cancellation);
        ResultCode result = reply.Result ?? ResultCode.Fail;
        await output.WriteLineAsync(ResultCodeText.Of(result));
        if (Landing(options, target, reply) is { } landing)
        {
            await output.WriteLineAsync(landing);
        }

        await ExplainAsync(options, result, reply);
        return ExitCodeOf(result);
    }

    /// <summary>The reasons, which the original kept for itself; on standard error, where no script looks for the outcome.</summary>
    private static async Task ExplainAsync(ClusvcadmOptions options, ResultCode result, CommandReply reply)
    {
        if (options.IsQuiet || result == ResultCode.Success)
        {
            return;
        }

        foreach (string reason in reply.Reasons ?? [])
        {
            await Console.Error.WriteLineAsync($"  {reason}");
        }
    }

    private static async Task<CommandReply> UntilKnownAsync(ClusterApi api, ClusvcadmOptions options, NodeName? target, CancellationToken cancellation)
    {
        // The same request id again is the same command: to ask again is to go on waiting.
        CommandRequest request = new() { Node = target?.Value, RequestId = Guid.NewGuid().ToString("N") };
        while (true)
        {
            CommandReply reply = await api.OrderAsync(options.Service, options.Action.ToString().ToLowerInvariant(), request, WaitOnce, cancellation);
            if (reply.Result is not null)
            {
                return reply;
            }
        }
    }

    private static async Task<int> LockAsync(ClusterApi api, ClusvcadmAction action, TextWriter output, CancellationToken cancellation)
    {
        bool isLock = action == ClusvcadmAction.Lock;
        if (action != ClusvcadmAction.QueryLock)
        {
            CommandRequest request = new() { RequestId = Guid.NewGuid().ToString("N") };
            CommandReply reply = await api.SetLockAsync(isLock, request, WaitOnce, cancellation);
            if (reply.Result != ResultCode.Success)
            {
                await output.WriteLineAsync($"{(isLock ? "Lock" : "Unlock")} operation failed: {ResultCodeText.Of(reply.Result ?? ResultCode.Again)}");
                return Failed;
            }
        }
        else
        {
            isLock = (await api.GetClusterAsync(cancellation)).IsLocked;
        }

        await output.WriteLineAsync($"Resource groups {(isLock ? "locked" : "unlocked")}");
        return 0;
    }

    private static string Verb(ClusvcadmAction action) => action switch
    {
        ClusvcadmAction.Enable => "trying to enable",
        ClusvcadmAction.Disable => "disabling",
        ClusvcadmAction.Relocate => "relocate",
        ClusvcadmAction.Migrate => "migrate",
        ClusvcadmAction.Stop => "stopping",
        ClusvcadmAction.Restart => "trying to restart",
        ClusvcadmAction.Freeze => "freezing",
        ClusvcadmAction.Unfreeze => "unfreezing",
        ClusvcadmAction.Convalesce => "convalescing",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "no command to a service"),
    };
}
