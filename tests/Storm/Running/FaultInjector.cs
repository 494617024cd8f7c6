using System.Collections.Immutable;
using Quorate.Tests.EndToEnd.Labs;
using Quorate.Tests.Storm.Faults;

namespace Quorate.Tests.Storm.Running;

/// <summary>Makes faults happen in a lab, each at its time, and puts them right again.</summary>
/// <param name="lab">Where.</param>
/// <param name="environment">For what is started again.</param>
/// <param name="faultFiles">Where agents look what they shall do wrong.</param>
/// <param name="diary">What happened when.</param>
internal sealed class FaultInjector(Lab lab, IReadOnlyDictionary<string, string?> environment, DirectoryInfo faultFiles, Diary diary)
{
    private const int Done = 0;

    /// <summary>Lets all of them happen; ends when the last has been put right.</summary>
    /// <returns>Those that happened: what is off already, for one, cannot lose its power.</returns>
    public async Task<ImmutableArray<Fault>> RunAsync(IReadOnlyList<Fault> faults)
    {
        bool[] happened = await Task.WhenAll(faults.Select(RunAsync));
        return [.. faults.Where((_, index) => happened[index])];
    }

    /// <summary>Puts right whatever may still be broken, faults of an earlier moment and power that a fence device left off.</summary>
    public async Task HealAsync(StormCluster cluster)
    {
        foreach (FileInfo file in faultFiles.EnumerateFiles())
        {
            file.Delete();
        }

        File.Delete(lab.FileCalled(StormCluster.BoardBreaker));
        foreach (string node in cluster.Nodes)
        {
            await lab.TryAsync(environment, "heal", node);
            await lab.TryAsync(environment, "thaw", node);
        }

        foreach (string name in new[] { "postgres", "rabbitmq", "quorum1", "quorum2", "scheduler1", "scheduler2" })
        {
            await lab.TryAsync(environment, "start", name);
        }

        await PowerOnAsync(cluster.Nodes);
    }

    /// <summary>Switches on those of the nodes that are off.</summary>
    public async Task PowerOnAsync(IEnumerable<string> nodes)
    {
        foreach (string node in nodes)
        {
            await lab.TryAsync(environment, "start", node);
        }
    }

    private async Task<bool> RunAsync(Fault fault)
    {
        await Task.Delay(fault.At);
        bool happened = await BeginAsync(fault);
        diary.Write($"{fault.Kind} {fault.Target} for {fault.Lasts.TotalMilliseconds:0} ms{(happened ? "" : ": not possible")}");
        if (fault.Lasts > TimeSpan.Zero)
        {
            await Task.Delay(fault.Lasts);
            await EndAsync(fault);
            diary.Write($"{fault.Kind} {fault.Target} is over");
        }

        return happened;
    }

    private async Task<bool> BeginAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.AgentFails or FaultKind.AgentHangs:
                await File.WriteAllTextAsync(FileOf(fault), fault.Kind == FaultKind.AgentFails ? "fail\n" : "hang\n");
                return true;
            case FaultKind.FenceDeviceFails:
                lab.Touch(StormCluster.BoardBreaker);
                return true;
            default:
                ProcessRun run = await lab.TryAsync(environment, VerbsOf(fault.Kind).Begin, fault.Target);
                return run.ExitCode == Done;
        }
    }

    private async Task EndAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.AgentFails or FaultKind.AgentHangs:
                File.Delete(FileOf(fault));
                break;
            case FaultKind.FenceDeviceFails:
                File.Delete(lab.FileCalled(StormCluster.BoardBreaker));
                break;
            default:
                // Refused where a fence device was faster, or a guard replaced what stood still.
                await lab.TryAsync(environment, VerbsOf(fault.Kind).End, fault.Target);
                break;
        }
    }

    private string FileOf(Fault fault) => Path.Combine(faultFiles.FullName, fault.Target);

    private static (string Begin, string End) VerbsOf(FaultKind kind) => kind switch
    {
        FaultKind.PowerLoss => ("kill", "start"),
        FaultKind.ExecutorCrash => ("crash", ""),
        FaultKind.ExecutorPause => ("pause", "resume"),
        FaultKind.NodeFreeze => ("freeze", "thaw"),
        FaultKind.Partition => ("cut", "heal"),
        FaultKind.Deafness => ("deafen", "heal"),
        FaultKind.Muteness => ("mute", "heal"),
        FaultKind.QuorumKill or FaultKind.SchedulerKill or FaultKind.BrokerKill or FaultKind.DatabaseKill => ("kill", "start"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no verb of a lab"),
    };
}
