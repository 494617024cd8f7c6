using System.Diagnostics;
using System.Runtime.Versioning;

namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue 2, deliverable 6: built when a source is newer than the build, under a lock, with progress on standard error only.</summary>
/// <remarks>A <c>dotnet</c> of our own takes the place of the real one, notes what it was asked and makes an executable.</remarks>
[SupportedOSPlatform("linux")]
public sealed class When_the_launcher_builds : IDisposable
{
    private const string FakeDotnet =
        """
        #!/bin/bash
        if [[ $1 == --list-sdks ]]; then echo '10.0.100 [/sdk]'; exit; fi
        echo "building $*" | tee -a "$ROOT/calls"
        sleep 0.3
        mkdir -p "$ROOT/cli/bin/Release/net10.0"
        printf '#!/bin/sh\n' >"$ROOT/cli/bin/Release/net10.0/quorate"
        chmod +x "$ROOT/cli/bin/Release/net10.0/quorate"
        """;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("quorate-");
    private readonly string _source;

    public When_the_launcher_builds()
    {
        Directory.CreateDirectory(InRoot("cli"));
        Directory.CreateDirectory(InRoot("tools"));
        _source = InRoot("cli", "Program.cs");
        File.WriteAllText(_source, "// one");
        File.WriteAllText(InRoot("tools", "dotnet"), FakeDotnet);
        File.SetUnixFileMode(InRoot("tools", "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Builds => File.Exists(InRoot("calls")) ? File.ReadAllLines(InRoot("calls")) : [];

    [Fact]
    public async Task It_builds_once_and_again_only_after_a_change()
    {
        await LaunchAsync();
        await LaunchAsync();
        Assert.Single(Builds);

        File.SetLastWriteTimeUtc(_source, DateTime.UtcNow.AddSeconds(5));
        await LaunchAsync();
        await LaunchAsync();

        Assert.Equal(2, Builds.Length);
        Assert.DoesNotContain("--no-incremental", Builds[1], StringComparison.Ordinal);
    }

    /// <summary>MSBuild compares times: an older copy put back in place would not be compiled, and the program stay what it was.</summary>
    [Fact]
    public async Task A_source_put_back_with_an_old_date_is_compiled()
    {
        await LaunchAsync();

        File.SetLastWriteTimeUtc(_source, DateTime.UtcNow.AddYears(-1));
        await LaunchAsync();

        Assert.Equal(2, Builds.Length);
        Assert.Contains("--no-incremental", Builds[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_caller_waits_and_finds_it_built()
    {
        string[] outputs = await Task.WhenAll(LaunchAsync(), LaunchAsync(), LaunchAsync());

        Assert.Single(Builds);
        Assert.All(outputs, output => Assert.Equal("", output));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string InRoot(params string[] names) => Path.Combine([_root.FullName, .. names]);

    /// <summary>Does what <c>./quorate</c> does before it starts the program.</summary>
    /// <returns>What came on standard output.</returns>
    private async Task<string> LaunchAsync()
    {
        const string script = "set -euo pipefail; source \"$1\"; build_if_changed; [[ -x $CLI_PROGRAM ]]";
        ProcessStartInfo start = new("/bin/bash", ["-c", script, "launcher", BuildScript()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROOT"] = _root.FullName;
        start.Environment["PATH"] = $"{InRoot("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("bash was not started");
        using CancellationTokenSource limit = new(TimeMax);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    private static string BuildScript()
    {
        DirectoryInfo? place = new(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "Quorate.slnx")))
        {
            place = place.Parent;
        }

        return Path.Combine(place?.FullName ?? throw new DirectoryNotFoundException("the repository's root was not found"), "scripts", "build.sh");
    }
}
