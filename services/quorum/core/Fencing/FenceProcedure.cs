using System.Collections.Immutable;
using Quorate.Model.Fencing;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>
/// How a node is cut off (rule S6): all devices of a method are switched off, then each one is asked and has to say that it is off, and
/// only that proves anything. A method that fails gives way to the next one. Once the incarnation has ended, all devices that were
/// switched off in any round are switched on again; whether that works does not matter to the fencing.
/// </summary>
/// <remarks>Source: DESIGN 3, S6; the order of methods as in fenced(8). The steps follow from the results alone, so they can be replayed.</remarks>
public static class FenceProcedure
{
    /// <summary>How often all methods are gone through before an administrator is called.</summary>
    public const int RoundsMax = 3;

    /// <summary>Between two rounds: a device that was busy, or its switch restarting, may be back by then.</summary>
    public static readonly TimeSpan RoundPause = TimeSpan.FromSeconds(5);

    /// <summary>How long an administrator is waited for before all is tried again.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);

    /// <summary>How often a device is told to switch on before somebody has to do it by hand.</summary>
    public const int OnAttemptsMax = 3;

    /// <summary>The next step.</summary>
    /// <param name="methods">The node's methods, in order.</param>
    /// <param name="results">What came of the steps of this round so far.</param>
    /// <param name="switchedOff">The devices to switch on again, of this round and of those before, as the fence row has them.</param>
    /// <param name="hasEnded">True once the incarnation is stored as ended, by these steps or by something else meanwhile.</param>
    public static FenceStep Next(
        ImmutableArray<FenceMethod> methods, ImmutableArray<FenceResult> results, ImmutableArray<FenceTarget> switchedOff, bool hasEnded)
    {
        if (hasEnded)
        {
            return SwitchOn(methods, results, switchedOff);
        }

        for (int method = 0; method < methods.Length; method++)
        {
            if (SwitchOff(methods[method], method, [.. results.Where(result => result.Method == method)]) is { } step)
            {
                return step;
            }
        }

        return new FenceStep.GiveUp(methods.IsEmpty ? "no fence device is configured for it" : string.Join("; ", results.Where(HasFailed).Select(result => Describe(methods, result))));
    }

    /// <summary>A result in words: which device, what it was told, what came of it.</summary>
    public static string Describe(ImmutableArray<FenceMethod> methods, FenceResult result)
    {
        FenceMethod method = methods[result.Method];
        string outcome = result.Outcome switch
        {
            FenceOutcome.Done => "done",
            FenceOutcome.IsOff => "it is off",
            FenceOutcome.IsOn => "it is still on",
            FenceOutcome.TimedOut => "no answer in time",
            FenceOutcome.Unstartable => "the agent cannot be run",
            _ => "failed",
        };
        return $"method {method.Name}, device {method.Devices[result.Device].Name}, {Text(result.Action)}: {outcome}"
            + (result.Detail.Length == 0 ? "" : $" ({result.Detail})");
    }

    /// <summary>The word the agent is told.</summary>
    public static string Text(FenceAction action) => action switch
    {
        FenceAction.Off => "off",
        FenceAction.Status => "status",
        _ => "on",
    };

    private static FenceStep? SwitchOff(FenceMethod method, int index, ImmutableArray<FenceResult> results)
    {
        foreach (FenceAction action in (ReadOnlySpan<FenceAction>)[FenceAction.Off, FenceAction.Status])
        {
            for (int device = 0; device < method.Devices.Length; device++)
            {
                FenceResult? result = results.FirstOrDefault(known => known.Device == device && known.Action == action);
                if (result is null)
                {
                    return new FenceStep.Run(index, device, action, $"method {method.Name}, device {method.Devices[device].Name}");
                }

                // A failed `off` is not the end: what counts is what the device says when asked.
                if (action == FenceAction.Status && result.Outcome != FenceOutcome.IsOff)
                {
                    return null;
                }
            }
        }

        return new FenceStep.Conclude(index, $"method {method.Name}: {string.Join(", ", method.Devices.Select(device => device.Name))} off and verified");
    }

    private static FenceStep SwitchOn(
        ImmutableArray<FenceMethod> methods, ImmutableArray<FenceResult> results, ImmutableArray<FenceTarget> switchedOff)
    {
        List<string> failed = [];
        (FenceTarget Target, int Attempts)? next = null;
        foreach (FenceTarget target in switchedOff)
        {
            if (Find(methods, target) is not { } place)
            {
                failed.Add($"method {target.Method + 1}, device {target.Device + 1}{(target.Name.Length > 0 ? $", {target.Name}" : "")}: not in the configuration any more");
                continue;
            }

            FenceDevice device = methods[place.Method].Devices[place.Device];
            ImmutableArray<FenceResult> tried =
                [.. results.Where(result => result.Action == FenceAction.On && result.Method == place.Method && result.Device == place.Device)];
            if (device.StaysOff || tried.Any(result => result.Outcome == FenceOutcome.Done))
            {
                continue;
            }

            if (tried.Length >= OnAttemptsMax)
            {
                failed.Add(Describe(methods, tried[^1]));
            }
            else if (next is not { } chosen || tried.Length < chosen.Attempts)
            {
                next = (place, tried.Length);
            }
        }

        return (next, failed) switch
        {
            ({ } device, _) => new FenceStep.Run(
                device.Target.Method, device.Target.Device, FenceAction.On,
                $"method {methods[device.Target.Method].Name}, device {methods[device.Target.Method].Devices[device.Target.Device].Name}")
            {
                Pause = device.Attempts == 0 ? TimeSpan.Zero : RoundPause,
            },
            (null, []) => new FenceStep.Finished("it has ended"),
            _ => new FenceStep.StaysOff(string.Join("; ", failed)),
        };
    }

    /// <summary>Where the device stands now: at its place, else the first of its name.</summary>
    private static FenceTarget? Find(ImmutableArray<FenceMethod> methods, FenceTarget target)
    {
        bool isThere = target.Method < methods.Length && target.Device < methods[target.Method].Devices.Length;
        if (target.Name.Length == 0 || (isThere && methods[target.Method].Devices[target.Device].Name == target.Name))
        {
            return isThere ? target : null;
        }

        return methods.SelectMany((method, index) => method.Devices.Select((device, position) => new FenceTarget(index, position, device.Name)))
            .Where(known => known.Name == target.Name)
            .Select(known => (FenceTarget?)known)
            .FirstOrDefault();
    }

    private static bool HasFailed(FenceResult result) => result.Action switch
    {
        FenceAction.Status => result.Outcome != FenceOutcome.IsOff,
        _ => result.Outcome != FenceOutcome.Done,
    };
}
