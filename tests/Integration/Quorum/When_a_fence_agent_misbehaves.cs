using System.Collections.Immutable;
using System.Runtime.Versioning;
using Quorate.Contracts;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Service.Fencing;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Whatever an agent does, its time is limited and what it says can be stored. Source: DESIGN 3, S6.</summary>
[Trait("Rule", "S6")]
[SupportedOSPlatform("linux")]
public sealed class When_a_fence_agent_misbehaves : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fence-");

    /// <summary>More options than a pipe holds, and nobody reads them: the time limit holds for writing as well.</summary>
    [Fact]
    public async Task One_that_never_reads_its_options_is_killed_in_time()
    {
        (FenceOutcome outcome, string detail) = await RunAsync("exec sleep 60", ("big", new string('x', 300_000)));

        Assert.Equal((FenceOutcome.TimedOut, "killed after 1 s"), (outcome, detail));
    }

    [Fact]
    public async Task One_that_closes_its_input_unread_is_judged_by_its_exit_status()
    {
        (FenceOutcome outcome, _) = await RunAsync("exec <&-; sleep 0.2; exit 0", ("big", new string('x', 300_000)));

        Assert.Equal(FenceOutcome.Done, outcome);
    }

    [Fact]
    public async Task One_that_fills_both_outputs_is_judged_by_its_exit_status()
    {
        (FenceOutcome outcome, string detail) = await RunAsync("head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; exit 0");

        Assert.Equal(FenceOutcome.Done, outcome);
        Assert.True(detail.Length <= 300);
    }

    /// <summary>PostgreSQL keeps no NUL, and a database that refuses the record would end the fencing.</summary>
    [Theory]
    [InlineData(@"printf 'no \0 power \033[2J\377\n' >&2; exit 1", "exit status 1: no ? power ?[2J?")]
    [InlineData(@"for i in $(seq 400); do printf '\360\237\230\200'; done >&2; printf 'x' >&2; exit 1", "exit status 1: ")]
    [InlineData(@"printf x >&2; for i in $(seq 400); do printf '\360\237\230\200'; done >&2; exit 1", "exit status 1: x")]
    public async Task What_it_prints_is_text_that_any_database_keeps(string script, string detail)
    {
        (_, string said) = await RunAsync(script);

        Assert.StartsWith(detail, said, StringComparison.Ordinal);
        Assert.DoesNotContain(said, char.IsControl);
        Assert.DoesNotContain('\uFFFD', said[detail.Length..]);
        Assert.True(said.IsNormalized() && said.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == said.Length);
    }

    [Theory]
    [InlineData("passwd")]
    [InlineData("snmp_priv_passwd")]
    [InlineData("secret_key")]
    [InlineData("apikey")]
    [InlineData("token_value")]
    [InlineData("community")]
    [InlineData("pin")]
    public async Task What_only_the_agent_may_know_is_not_told(string option)
    {
        (_, string detail) = await RunAsync("cat >&2; exit 1", (option, " hush-hush "));

        Assert.Contains("****", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", detail, StringComparison.Ordinal);
    }

    /// <summary>A child in a session of its own, whose parent has ended: no walk of the process tree finds it, and it could act after the next step.</summary>
    [Theory]
    [InlineData("sleep 60", FenceOutcome.TimedOut)]
    [InlineData("exit 0", FenceOutcome.Done)]
    public async Task What_it_leaves_in_the_background_is_gone_before_the_next_step(string ending, FenceOutcome expected)
    {
        string child = Path.Combine(_directory.FullName, "child");

        (FenceOutcome outcome, _) = await RunAsync(
            $$"""(setsid bash -c 'echo $$ >{{child}}; exec sleep 60' </dev/null >/dev/null 2>&1 &); while [ ! -s {{child}} ]; do :; done; {{ending}}""");

        Assert.Equal(expected, outcome);
        string id = (await File.ReadAllTextAsync(child)).Trim();
        Assert.False(Directory.Exists($"/proc/{id}") && (await File.ReadAllTextAsync($"/proc/{id}/cmdline")).Length > 0, $"process {id} goes on");
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<(FenceOutcome Outcome, string Detail)> RunAsync(string script, params (string Name, string Value)[] options)
    {
        string file = Path.Combine(_directory.FullName, "fence_bad");
        AgentFile.Write(file, $"#!/bin/bash\n{script}\n");
        FenceDevice device = new("bad", "fence_bad", false, options.ToImmutableSortedDictionary(option => option.Name, option => option.Value));
        FenceAgents agents = new(new FenceAgentSettings([_directory.FullName], Limit));
        return await agents.RunAsync(new NodeName("n3"), device, FenceAction.Off, CancellationToken.None).WaitAsync(Patience);
    }
}
