using System.Text.Json;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Automation;

/// <summary>
/// The examples of examples/automation, in shell with amqp-tools, in Python with pika and in C#, each without a line of our code, relocate a
/// service on a real cluster: they get the answer, and hear the event. Source: issue 5, deliverable 3.
/// </summary>
public sealed class When_other_languages_command(When_other_languages_command.Story story) : IClassFixture<When_other_languages_command.Story>
{
    private static readonly string Examples = Path.Combine(Lab.Root, "examples", "automation");

    public sealed class Story : LabStory
    {
        public ProcessRun? Shell { get; private set; }

        public ProcessRun? Python { get; private set; }

        public ProcessRun? CSharp { get; private set; }

        public ProcessRun? Refused { get; private set; }

        public IReadOnlyList<string> Owners { get; private set; } = [];

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            Shell = await Lab.ProgramAsync(Path.Combine(Examples, "relocate.sh"), "web", "n2");
            string afterShell = await OwnerAsync();
            Python = await Lab.ProgramAsync("/usr/bin/python3", Path.Combine(Examples, "relocate.py"), "web", "n3");
            string afterPython = await OwnerAsync();
            CSharp = await Lab.ProgramAsync("dotnet", "run", Path.Combine(Examples, "relocate.cs"), "--", "web", "n1");
            Owners = [afterShell, afterPython, await OwnerAsync()];
            Refused = await Lab.ProgramAsync("/usr/bin/python3", Path.Combine(Examples, "relocate.py"), "nosuch", "n3");
        }

        private async Task<string> OwnerAsync() =>
            (await Lab.ClusterAsync())?.Services.Single(service => service.Name.Value == "service:web").Owner?.Value ?? "";
    }

    [Fact]
    public void Each_moves_the_service_where_it_wants_it() => Assert.Equal(["n2", "n3", "n1"], story.Owners);

    [Fact]
    public void A_shell_script_of_twenty_lines_reads_the_answer_and_the_event()
    {
        string[] lines = story.Shell!.MustSucceed().Output.TrimEnd().Split('\n'); // set by the story

        Assert.Equal(("success", "n2"), (Field(lines[0], "result"), Field(lines[0], "owner")));
        Assert.Equal(("service:web", "started", "n2"), (Field(lines[1], "service"), Field(lines[1], "to"), Field(lines[1], "owner")));
        Assert.True(File.ReadLines(Path.Combine(Examples, "relocate.sh")).Count(line => !line.StartsWith('#')) <= 20);
    }

    [Fact]
    public void Python_and_CSharp_do_the_same()
    {
        Assert.EndsWith("service:web runs on n3\n", story.Python!.MustSucceed().Output, StringComparison.Ordinal); // set by the story
        Assert.EndsWith("service:web runs on n1\n", story.CSharp!.MustSucceed().Output, StringComparison.Ordinal); // set by the story
    }

    [Fact]
    public void A_refusal_is_an_answer_like_others()
    {
        Assert.Equal(1, story.Refused!.ExitCode); // set by the story
        Assert.Equal("noService", Field(story.Refused.Output, "result"));
    }

    private static string? Field(string json, string name) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty(name).GetString();
}
