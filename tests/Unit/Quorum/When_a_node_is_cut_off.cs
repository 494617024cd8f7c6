using System.Collections.Immutable;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 3, S6: all devices off, each verified by status, then on; a method that fails gives way to the next.</summary>
[Trait("Rule", "S6")]
public sealed class When_a_node_is_cut_off
{
    private static readonly ImmutableArray<FenceMethod> TwoSupplies = [Method("power", Device("left"), Device("right"))];
    private static readonly ImmutableArray<FenceMethod> TwoMethods = [Method("ipmi", Device("bmc")), Method("power", Device("pdu"))];

    [Fact]
    public void Every_device_of_a_method_is_switched_off_before_any_is_asked_and_asked_before_it_counts()
    {
        string told = Played(TwoSupplies, (_, action) => action == FenceAction.Status ? FenceOutcome.IsOff : FenceOutcome.Done);

        Assert.Equal("left off, right off, left status, right status, ENDED, left on, right on, finished", told);
    }

    [Fact]
    public void A_method_of_which_one_device_is_still_on_fences_nothing()
    {
        string told = Played(TwoSupplies, (device, action) => (device, action) switch
        {
            ("right", FenceAction.Status) => FenceOutcome.IsOn,
            (_, FenceAction.Status) => FenceOutcome.IsOff,
            _ => FenceOutcome.Done,
        });

        Assert.Equal("left off, right off, left status, right status, gave up", told);
    }

    [Fact]
    public void The_next_method_is_tried_when_one_fails_and_all_that_was_switched_off_comes_on_again()
    {
        string told = Played(TwoMethods, (device, action) => (device, action) switch
        {
            ("bmc", FenceAction.Status) => FenceOutcome.TimedOut,
            (_, FenceAction.Status) => FenceOutcome.IsOff,
            _ => FenceOutcome.Done,
        });

        Assert.Equal("bmc off, bmc status, pdu off, pdu status, ENDED, bmc on, pdu on, finished", told);
    }

    /// <summary>An agent's word is not proof: neither a good `off` without a status, nor a failed one whose status says off.</summary>
    [Theory]
    [InlineData(FenceOutcome.Done, FenceOutcome.IsOff, true)]
    [InlineData(FenceOutcome.Failed, FenceOutcome.IsOff, true)]
    [InlineData(FenceOutcome.Done, FenceOutcome.IsOn, false)]
    [InlineData(FenceOutcome.Done, FenceOutcome.Failed, false)]
    [InlineData(FenceOutcome.Done, FenceOutcome.Done, false)]
    [InlineData(FenceOutcome.Done, FenceOutcome.TimedOut, false)]
    [InlineData(FenceOutcome.Unstartable, FenceOutcome.Unstartable, false)]
    public void Only_what_status_says_is_proof(FenceOutcome off, FenceOutcome status, bool isProof)
    {
        string told = Played([Method("1", Device("pdu"))], (_, action) => action switch
        {
            FenceAction.Off => off,
            FenceAction.Status => status,
            _ => FenceOutcome.Done,
        });

        Assert.Equal(isProof ? "pdu off, pdu status, ENDED, pdu on, finished" : "pdu off, pdu status, gave up", told);
    }

    [Fact]
    public void A_failed_on_still_counts_as_fenced_and_is_tried_again_a_few_times_before_somebody_is_told()
    {
        string told = Played(TwoSupplies, (_, action) => action switch
        {
            FenceAction.Status => FenceOutcome.IsOff,
            FenceAction.On => FenceOutcome.Failed,
            _ => FenceOutcome.Done,
        });

        Assert.EndsWith(
            "ENDED, left on, right on, left on again, right on again, left on again, right on again, "
            + "stays off: method power, device left, on: failed; method power, device right, on: failed", told, StringComparison.Ordinal);
    }

    /// <summary>A crash forgets the results; the row knows what was switched off, in this round and in those before.</summary>
    [Fact]
    public void Whoever_goes_on_after_a_crash_switches_on_all_that_any_round_switched_off()
    {
        ImmutableArray<FenceTarget> switchedOff = [new(0, 0), new(1, 0)];

        FenceStep first = FenceProcedure.Next(TwoMethods, [], switchedOff, hasEnded: true);
        FenceStep second = FenceProcedure.Next(TwoMethods, [new(0, 0, FenceAction.On, FenceOutcome.Done, "")], switchedOff, hasEnded: true);

        Assert.Equal(new FenceStep.Run(0, 0, FenceAction.On, "method ipmi, device bmc"), first);
        Assert.Equal(new FenceStep.Run(1, 0, FenceAction.On, "method power, device pdu"), second);
    }

    [Fact]
    public void A_device_that_left_the_configuration_is_told_of_and_keeps_no_other_from_coming_on()
    {
        ImmutableArray<FenceTarget> switchedOff = [new(4, 0), new(0, 7), new(0, 0)];

        FenceStep first = FenceProcedure.Next(TwoMethods, [], switchedOff, hasEnded: true);
        FenceStep last = FenceProcedure.Next(TwoMethods, [new(0, 0, FenceAction.On, FenceOutcome.Done, "")], switchedOff, hasEnded: true);

        Assert.Equal((0, 0), first is FenceStep.Run run ? (run.Method, run.Device) : default);
        Assert.Equal(
            "method 5, device 1: not in the configuration any more; method 1, device 8: not in the configuration any more",
            Assert.IsType<FenceStep.StaysOff>(last).Reason);
    }

    [Fact]
    public void A_device_that_is_to_stay_off_is_not_switched_on()
    {
        string told = Played([Method("1", Device("pdu") with { StaysOff = true })], (_, action) => action == FenceAction.Status ? FenceOutcome.IsOff : FenceOutcome.Done);

        Assert.Equal("pdu off, pdu status, ENDED, finished", told);
    }

    [Fact]
    public void What_was_switched_off_comes_on_again_when_the_incarnation_ended_otherwise()
    {
        ImmutableArray<FenceResult> results = [new(0, 0, FenceAction.Off, FenceOutcome.Done, "")];

        FenceStep step = FenceProcedure.Next(TwoSupplies, results, [new FenceTarget(0, 0)], hasEnded: true);

        Assert.Equal((0, FenceAction.On), step is FenceStep.Run run ? (run.Device, run.Action) : default);
    }

    /// <summary>A method put before it moves every device; what stands at the old place now was never switched off.</summary>
    [Fact]
    public void What_was_switched_off_is_found_by_its_name_when_the_configuration_changed_since()
    {
        ImmutableArray<FenceMethod> since = [Method("0", Device("new")), Method("1", Device("pdu"))];

        FenceStep moved = FenceProcedure.Next(since, [], [new FenceTarget(0, 0, "pdu")], hasEnded: true);
        FenceStep gone = FenceProcedure.Next(since, [], [new FenceTarget(0, 0, "old")], hasEnded: true);

        Assert.Equal((1, 0, FenceAction.On), moved is FenceStep.Run run ? (run.Method, run.Device, run.Action) : default);
        Assert.Equal("method 1, device 1, old: not in the configuration any more", Assert.IsType<FenceStep.StaysOff>(gone).Reason);
    }

    [Fact]
    public void Giving_up_says_what_failed()
    {
        ImmutableArray<FenceResult> results =
        [
            new(0, 0, FenceAction.Off, FenceOutcome.Failed, "cannot log in"), new(0, 0, FenceAction.Status, FenceOutcome.TimedOut, ""),
            new(1, 0, FenceAction.Off, FenceOutcome.Unstartable, "no fence_pdu"), new(1, 0, FenceAction.Status, FenceOutcome.Unstartable, "no fence_pdu"),
        ];

        FenceStep step = FenceProcedure.Next(TwoMethods, results, [], hasEnded: false);

        Assert.Equal(
            "method ipmi, device bmc, off: failed (cannot log in); method ipmi, device bmc, status: no answer in time; "
            + "method power, device pdu, off: the agent cannot be run (no fence_pdu); method power, device pdu, status: the agent cannot be run (no fence_pdu)",
            Assert.IsType<FenceStep.GiveUp>(step).Reason);
    }

    [Fact]
    public void A_node_without_a_device_is_given_up_at_once()
    {
        Assert.IsType<FenceStep.GiveUp>(FenceProcedure.Next([], [], [], hasEnded: false));
    }

    private static FenceMethod Method(string name, params FenceDevice[] devices) => new(name, [.. devices]);

    private static FenceDevice Device(string name) => new(name, "fence_test", StaysOff: false, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>Plays the steps to their end against devices that answer as said, and tells what happened.</summary>
    private static string Played(ImmutableArray<FenceMethod> methods, Func<string, FenceAction, FenceOutcome> answer)
    {
        const int StepsMax = 100;
        List<string> told = [];
        ImmutableArray<FenceResult> results = [];
        ImmutableArray<FenceTarget> switchedOff = [];
        bool hasEnded = false;
        for (int steps = 0; steps < StepsMax; steps++)
        {
            switch (FenceProcedure.Next(methods, results, switchedOff, hasEnded))
            {
                case FenceStep.Run run:
                    string device = methods[run.Method].Devices[run.Device].Name;
                    told.Add($"{device} {FenceProcedure.Text(run.Action)}{(run.Pause > TimeSpan.Zero ? " again" : "")}");
                    switchedOff = run.Action == FenceAction.Off ? switchedOff.Add(new FenceTarget(run.Method, run.Device)) : switchedOff;
                    results = results.Add(new FenceResult(run.Method, run.Device, run.Action, answer(device, run.Action), ""));
                    break;
                case FenceStep.Conclude:
                    told.Add("ENDED");
                    hasEnded = true;
                    break;
                case FenceStep.GiveUp:
                    return string.Join(", ", told.Append("gave up"));
                case FenceStep.StaysOff staysOff:
                    return string.Join(", ", told.Append($"stays off: {staysOff.Reason}"));
                default:
                    return string.Join(", ", told.Append("finished"));
            }
        }

        throw new InvalidOperationException($"no end after {StepsMax} steps: {string.Join(", ", told)}");
    }
}
