using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Quorate.Hosting;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>
/// Regression: started with <c>/</c> as its working directory, each program walked and watched the whole disk for a changed
/// appsettings.json, and an executor that had crashed came back too late for its lease.
/// </summary>
public sealed class When_a_program_is_built
{
    public static TheoryData<string> Kinds => ["web", "plain"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_watches_no_files(string kind)
    {
        IConfigurationRoot configuration = (IConfigurationRoot)Built(kind, []).Configuration;

        FileConfigurationProvider[] files = [.. configuration.Providers.OfType<FileConfigurationProvider>()];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.Source.ReloadOnChange, file.Source.Path));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_looks_for_files_beside_the_program(string kind)
    {
        IHostApplicationBuilder builder = Built(kind, []);

        Assert.Equal(
            Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.TrimEndingDirectorySeparator(builder.Environment.ContentRootPath));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_arguments_are_settings(string kind)
    {
        IHostApplicationBuilder builder = Built(kind, ["--Quorate:Replica=quorum7"]);

        Assert.Equal("quorum7", builder.Configuration["Quorate:Replica"]);
    }

    private static IHostApplicationBuilder Built(string kind, string[] arguments) =>
        kind == "web" ? ProgramBuilder.Web(arguments) : ProgramBuilder.Plain(arguments);
}
