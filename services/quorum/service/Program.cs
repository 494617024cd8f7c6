using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Service;

const int UnusableSettings = 2;
WebApplicationBuilder builder = ProgramBuilder.Web(args);
builder.Logging.ClearProviders().AddQuorateConsole();
try
{
    QuorumHost.Configure(builder);
}
catch (SettingsException unusable)
{
    await Console.Error.WriteLineAsync(unusable.Message);
    return UnusableSettings;
}

WebApplication app = builder.Build();
QuorumHost.Map(app);
await app.RunAsync();
return 0;
