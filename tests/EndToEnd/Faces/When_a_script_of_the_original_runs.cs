using Quorate.Tests.EndToEnd.Labs;
using Xunit.Abstractions;

namespace Quorate.Tests.EndToEnd.Faces;

/// <summary>A shell script written against the documented output of the original's tools works on a real cluster. Source: rgmanager.md 5.</summary>
public sealed class When_a_script_of_the_original_runs(When_a_script_of_the_original_runs.Story story, ITestOutputHelper output)
    : IClassFixture<When_a_script_of_the_original_runs.Story>
{
    private const string Expected = """
        quorate
        says so
        members 3
        web started on n1
        relocate: Trying to relocate service:web to n2...Success
        relocate: service:web is now running on n2
        web on n2
        again: 0
        stop: Local machine stopping service:web...Success
        stopped: 110
        enable: Member n1 trying to enable service:web...Success
        enable: service:web is now running on n1
        freeze: Local machine freezing service:web...Success
        flags: frozen
        disable frozen: 245
        unfreeze: Local machine unfreezing service:web...Success
        flags: 
        disable: Local machine disabling service:web...Success
        service:web (n1) disabled
        disabled: 119
        relocate disabled: Trying to relocate service:web...Invalid operation for resource
        relocate disabled: 248
        No matches for 'nobody' found
        unknown: 252
        member: 0
        Resource groups locked
        Resource groups locked
        locked: Local machine trying to enable service:web...Temporary failure; try again
        locked: 250
        Resource groups unlocked
        Resource groups unlocked
        unlocked: 0
        drain: drain n1: Success
        drain:   n1 is drained: its services leave, and nothing is started there
        drain: n1 runs nothing any more
        drained: 1
        1
        undrain: undrain n1: Success
        undrain:   n1 may run services again
        diff: version 1 to 2
        diff: service:web is adjusted: it keeps running; of its resources 1 start
        diff:   start ocf:mail: it now stands below service:web
        diff: service:mail is adjusted: it keeps running; of its resources 1 stop
        diff:   stop ocf:mail: it no longer stands below service:mail
        apply: version 2 is in force, after version 1
        apply: service:web is adjusted: it keeps running; of its resources 1 start
        apply: service:mail is adjusted: it keeps running; of its resources 1 stop
        followed: 2
        older: its config_version is 1, and version 2 is in force: raise it above that
        versions: 2

        """;

    public sealed class Story : LabStory
    {
        public ProcessRun? Run { get; private set; }

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            Run = await Lab.ScriptAsync(Path.Combine(Lab.Root, "tests", "EndToEnd", "Faces", "operators-script.sh"));
        }
    }

    [Fact]
    public void It_finds_the_words_and_exit_codes_it_was_written_for()
    {
        output.WriteLine(story.Run!.Error); // set by the story

        Assert.Equal(Expected.ReplaceLineEndings("\n"), story.Run.Output);
    }

    /// <summary>The agents say so themselves: the new configuration moved one of them to another service.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    public async Task Nothing_ran_twice_not_even_what_moved_to_another_service()
    {
        Assert.True(story.Lab.StartsOf("mail").Count >= 2, "it was started as the other service's");
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
